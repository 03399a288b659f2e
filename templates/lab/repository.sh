#!/bin/sh
# Puts what hosts may install into the image, as a small local package repository that needs no network.
#   APT_CONFIG  configuration of the private apt of the hosts' suite, lists already fetched
#   TREE        the host's root folder
#   WANTED      packages, space separated; whatever they depend on comes along
set -eu
archives=$(apt-config shell A Dir::Cache::archives/d | sed "s/^A='\(.*\)'$/\1/")
mkdir -p "$archives/partial" "$TREE/srv/repo"
# shellcheck disable=SC2086
apt-get install -qq -o Dir::State::status="$TREE/var/lib/dpkg/status" --yes --download-only --no-install-recommends $WANTED
mv "$archives"/*.deb "$TREE/srv/repo/"
cd "$TREE/srv/repo"
apt-ftparchive packages . >Packages
apt-ftparchive release . >Release

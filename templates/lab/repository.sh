#!/bin/sh
# Puts what hosts may install into the image, as a small local package repository that needs no network.
#   APT_CONFIG  private apt of the host's suite, its dpkg status being the tree's
#   TREE        the host's root folder
#   WANTED      packages, space separated; whatever they depend on comes along
set -eu
archives=$(apt-config shell A Dir::Cache::archives/d | sed "s/^A='\(.*\)'$/\1/")
mkdir -p "$archives/partial" "$TREE/srv/repo"
# shellcheck disable=SC2086
apt-get install -qq --yes --download-only --no-install-recommends $WANTED
mv "$archives"/*.deb "$TREE/srv/repo/"
cd "$TREE/srv/repo"
apt-ftparchive packages . >Packages
apt-ftparchive release . >Release

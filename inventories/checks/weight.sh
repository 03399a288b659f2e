#!/bin/bash
# A check of keepalived: weight.sh ADDRESS PORT
# The server names the weight it wishes to be used with; exit code n from 2 on gives it the weight n-2, 1 takes it out.
exec 3<>"/dev/tcp/$1/$2" || exit 1
read -r -t 2 _ _ _ weight <&3 || exit 1
case "$weight" in
    '' | *[!0-9]*) exit 1 ;;
esac
exit $((weight + 2))

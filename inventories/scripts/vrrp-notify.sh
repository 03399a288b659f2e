#!/bin/sh
# Called by keepalived as: vrrp-notify.sh INSTANCE|GROUP NAME MASTER|BACKUP|FAULT|STOP PRIORITY
logger -t vrrp-notify "$1 $2 is $3, priority $4"

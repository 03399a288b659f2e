#!/bin/sh
# Whether this director can serve; keepalived runs it as nobody. Replace the line by a question to your service.
[ ! -e /etc/service-is-down ]

#!/bin/sh
# Whether the database takes connections.
exec pg_isready -q -h 127.0.0.1

# Runs PostgreSQL for as long as standard input stays open: sh guard.sh BIN DATA PORT
#
# The demo holds the other end of that pipe. When it closes it, or dies (kill -9 included), the system closes the pipe, and
# the database stops cleanly. Ctrl-C in the terminal reaches this script too, and must not stop the database before the demo.
trap '' INT TERM HUP
attempts=5
until "$1/pg_ctl" -D "$2/database" -l "$2/postgres.log" -w -t 60 \
    -o "-p $3 -c listen_addresses=127.0.0.1 -c unix_socket_directories=''" start >/dev/null; do
    # The processes of a database that was killed hold its memory for a moment still.
    attempts=$((attempts - 1))
    [ "$attempts" -gt 0 ] || exit 1
    sleep 1
done
echo ready
cat >/dev/null
"$1/pg_ctl" -D "$2/database" -w -t 60 -m fast stop >/dev/null

# Runs one server for a JVM, and lets it outlive that JVM by no more than a moment.
#
#   sh -c "$(cat guard-process.sh)" guard LOG SOFT_SIGNAL COMMAND...
#
# Standard input is a pipe whose other end that JVM alone holds. However the JVM ends, kill -9 included, the kernel
# closes the pipe: the read below returns, and the server's whole process tree is killed.
# Prints the server's process id, then lives exactly as long as the server.

log=$1
soft=$2
shift 2
exec 3<&0
# Here and not with the server's redirection: the log that the JVM reads next is never that of an earlier start.
: >"$log"

# A session of its own: a kill of the JVM's process group (Ctrl-C, a build that is cancelled) must not pass us by and
# hit the server half-way. Where there is no setsid (macOS), job control at least gives a process group.
if command -v setsid >/dev/null 2>&1; then
    setsid "$@" </dev/null >>"$log" 2>&1 3<&- &
else
    set -m
    "$@" </dev/null >>"$log" 2>&1 3<&- &
fi
server=$!
# Only now: what is ignored before the start stays ignored in the server, and a JVM that ignores TERM cannot be stopped.
trap '' INT HUP TERM QUIT

children() {
    # /proc first: slim images have no pgrep.
    cat /proc/"$1"/task/*/children 2>/dev/null || pgrep -P "$1" 2>/dev/null
}

# Every descendant, the youngest first and the server last: the shell above wakes when the server is gone.
tree() {
    for child in $(children "$1"); do
        tree "$child"
    done
    echo "$1"
}

end_server() {
    # A frozen server must thaw to hear the soft signal, with which PostgreSQL gives its shared memory back.
    kill -s CONT $(tree "$server") 2>/dev/null
    kill -s "$soft" "$server" 2>/dev/null
    tries=0
    while [ $tries -lt 20 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    # Stopped, the server cannot fork a child that the list below would miss.
    kill -s STOP "$server" 2>/dev/null
    kill -s KILL $(tree "$server") 2>/dev/null
}

(
    IFS= read -r _ <&3
    end_server
) >/dev/null 2>&1 &
watcher=$!

echo "$server"

wait "$server"
status=$?
# The server is gone, whoever ended it: nobody may signal its process id any more, it could be somebody else's soon.
kill -s KILL "$watcher" 2>/dev/null
# Orphans that stayed in the server's group (RabbitMQ's epmd) go with it.
kill -s KILL -- -"$server" 2>/dev/null
exit "$status"

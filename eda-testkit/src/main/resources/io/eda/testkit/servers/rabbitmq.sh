# Runs one RabbitMQ node with an epmd of its own, until TERM.
#
#   sh -c "$(cat rabbitmq.sh)" rabbitmq EPMD RABBITMQ_SERVER
#
# Erlang would start an epmd by itself, as a daemon that stays behind; one that is there already it uses.
"$1" -port "$ERL_EPMD_PORT" -address "$ERL_EPMD_ADDRESS" &
epmd=$!

"$2" &
server=$!

# To the Erlang machine itself: RabbitMQ's script would run rabbitmqctl, which takes a second to start.
trap 'kill -s TERM "$(cat "$RABBITMQ_PID_FILE")" 2>/dev/null' TERM

# A trapped signal ends a wait before the server has ended.
while kill -s 0 "$server" 2>/dev/null; do
    wait "$server"
    status=$?
done
kill -s KILL "$epmd"
exit "$status"

# Makes one server's private folder, and removes it when the JVM that asked for it is gone.
#
#   sh -c "$(cat guard-folder.sh)" guard FOLDER
#
# Standard input is a pipe whose other end that JVM alone holds. The word "remove" removes the folder at once; the end
# of the pipe means that the JVM died, and that the guards of its processes are ending the servers right now.

folder=$1
trap '' INT HUP TERM QUIT
# The guard makes the folder itself: there is no moment at which it exists unguarded.
# Others may pass through it (PostgreSQL runs as another user than root), but not list it.
mkdir -p -m 711 "$folder" || exit 1
echo made

word=
IFS= read -r word
if [ "$word" = remove ]; then
    rm -rf "$folder"
    exit
fi
# A dying server may still write, and may make its folders anew: go on until it has had time to die.
tries=0
while [ $tries -lt 50 ]; do
    rm -rf "$folder" 2>/dev/null
    sleep 0.1
    tries=$((tries + 1))
done

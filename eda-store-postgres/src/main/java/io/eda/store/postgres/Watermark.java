package io.eda.store.postgres;

import io.eda.store.EventStorageException;
import java.util.HashSet;
import java.util.Set;

/**
 * The position up to which all events can be read, such that none appears behind it later.
 *
 * <h2>The difficulty</h2>
 *
 * An event draws its position when it is inserted and becomes visible when its transaction commits. A transaction that draws
 * 41 may commit after another has drawn and committed 42: whoever has read 42 and goes on from there never sees 41.
 * Waiting for 41 helps no better, because a position that was rolled back never comes, and no timeout tells the two apart.
 *
 * <h2>The idea</h2>
 *
 * Every statement that inserts into a table holds a {@code RowExclusiveLock} on it, from before it draws its first position
 * to the end of its transaction, and {@code pg_locks} shows it, whoever the writer is: this library, psql, {@code COPY}. So
 * writers need do nothing for the sake of readers. An observation is two statements, in this order:
 * <ol>
 *   <li>C, the greatest committed position;
 *   <li>W, the transactions that hold such a lock now.
 * </ol>
 * When every member of W has ended, C is safe: all events up to C can be read, by a statement that begins later.
 *
 * <h2>Why that is so</h2>
 *
 * Take any event at a position p ≤ C. Positions are drawn in ascending order by one sequence without a cache, and C had been
 * drawn when the first statement saw it. So p had been drawn too, and by then its transaction held the lock. Either it still
 * held it at the second statement: then it is in W, and has ended since. Or it had ended before. In both cases it ended
 * before the statement that reads begins, and PostgreSQL gives up a transaction's locks only after it has made the
 * transaction visible to new snapshots. So that statement sees p, if p was committed; and if not, p never appears.
 *
 * <p>The other order would be wrong: a writer that begins between the two would draw a position below C and not be in W.
 *
 * <h2>Why not the sequence's last value</h2>
 *
 * It would serve as C just as well, and a little earlier, but for a crash. The positions of transactions that rolled back
 * need not have reached the disk, and a server that crashed gives them out a second time. A follower that had moved to one
 * of them would skip the events that get them then. A committed position has reached the disk together with all below it.
 * (With {@code synchronous_commit = off} PostgreSQL shows what is not on disk yet, and gives up this promise too.)
 *
 * <h2>Prepared transactions</h2>
 *
 * They keep their locks, but after a restart of the server they are listed under another name, {@code -1/xid} (before
 * 14.1 from their {@code PREPARE} on). A member of W that has gone may have become any of these, so all of them are waited
 * for in its place. This ends, because what goes under such a name has really gone.
 *
 * <h2>What it costs</h2>
 *
 * A transaction that inserts and stays open holds back all readers, and no writer; nothing else does: no transaction on other
 * tables, no reading, no rollback. A virtual transaction id that is used again after a crash only lets readers wait longer.
 *
 * <p>Not thread-safe: observations must be handed in one after the other, in the order in which they were made.
 */
final class Watermark {

    private static final String RECOVERED = "-1/";

    private long safe;
    private long candidate;
    private final Set<String> awaited = new HashSet<>();

    /**
     * What one round trip saw.
     *
     * @param committed the greatest committed position
     * @param writers the virtual transactions that held a write lock on the table after that
     */
    record Observation(long committed, Set<String> writers) {}

    /** How many transactions are waited for. */
    int awaited() {
        return awaited.size();
    }

    /** Takes in the next observation and returns the safe position after it. */
    long observe(Observation now) {
        if (now.committed() < safe) {
            throw wentBack(now.committed());
        }
        forgetEnded(now.writers());
        if (awaited.isEmpty()) {
            safe = Math.max(safe, candidate);
            // The next candidate comes from the same observation: under load, readers stay one observation behind.
            candidate = now.committed();
            awaited.addAll(now.writers());
        }
        if (awaited.isEmpty()) {
            safe = candidate;
        }
        return safe;
    }

    private void forgetEnded(Set<String> writers) {
        boolean mayBeRenamed =
                awaited.stream().anyMatch(writer -> !writer.startsWith(RECOVERED) && !writers.contains(writer));
        awaited.retainAll(writers);
        if (mayBeRenamed) {
            writers.stream().filter(writer -> writer.startsWith(RECOVERED)).forEach(awaited::add);
        }
    }

    private EventStorageException wentBack(long committed) {
        return new EventStorageException("All events up to position " + safe + " could be read, and now the last one is"
                + " at " + committed + ": " + SeenHistory.lost());
    }
}

package io.eda.broker.kafka;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What a member has fetched of one partition and not finished, for one assignment: after a rebalance there is a new window,
 * and what the old one still had to say is ignored. Guarded by the lock of its backlog.
 *
 * <p>Offsets have gaps where a log was compacted or a transaction ended, so nothing counts them: a commit names the first
 * record that is not finished, or what the consumer would fetch next where there is none.
 */
final class Window {

    final TopicPartition partition;

    // In the order of offsets; a finished one stays while an earlier one is not.
    private final Deque<Entry> entries = new ArrayDeque<>();

    // The last one of each key; a key is there while one of its entries is not finished.
    private final Map<String, Entry> tails = new HashMap<>();

    // Of the finished prefix, what is to be published with its commit.
    private final Deque<Result> results = new ArrayDeque<>();

    private long next = -1;
    long committed = -1;
    int inFlight;
    long bytes;
    boolean isDelivering = true;
    boolean isOwned = true;
    boolean isPaused;

    Window(TopicPartition partition) {
        this.partition = partition;
    }

    void add(Entry entry) {
        entries.add(entry);
        bytes += entry.size;
        next = entry.offset + 1;
    }

    /** Says where the consumer is going to fetch next, when all that it has fetched stands here. */
    void fetchedUpTo(long offset) {
        next = Math.max(next, offset);
    }

    int size() {
        return entries.size();
    }

    /** Puts it behind the others of its key. Returns whether it is the first, which may be delivered. */
    boolean line(Entry entry, String key) {
        Entry tail = tails.put(key, entry);
        if (tail == null) {
            return true;
        }
        tail.nextOfKey = entry;
        return false;
    }

    /** Takes a finished one out of its line. */
    void leaveLine(Entry entry) {
        String key = entry.decoded().key();
        if (entry.nextOfKey == null) {
            tails.remove(key, entry);
        }
    }

    void finish(Entry entry) {
        entry.isFinished = true;
        entry.nextOfKey = null;
        if (entry.outputs.isEmpty()) {
            entry.message = null;
        }
        bytes -= entry.size;
        Entry head = entries.peek();
        while (head != null && head.isFinished) {
            entries.remove();
            if (!head.outputs.isEmpty()) {
                results.add(new Result(head.offset, head.decoded(), head.outputs));
            }
            head = entries.peek();
        }
    }

    /** Returns the offset before which everything is finished, or -1 where nothing is known yet. */
    long finishedBefore() {
        Entry head = entries.peek();
        return head == null ? next : head.offset;
    }

    List<Result> results() {
        return List.copyOf(results);
    }

    /** Says that everything before {@code offset} is committed. */
    void committed(long offset) {
        committed = Math.max(committed, offset);
        while (!results.isEmpty() && results.element().offset() < offset) {
            bytes -= results.remove().size();
        }
    }

    /** Forgets one result, which cannot be published. */
    void discard(Result result) {
        if (results.remove(result)) {
            bytes -= result.size();
        }
    }
}

package io.eda.broker.rabbitmq;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one channel has written and the broker has not answered, by the channel's sequence numbers, which begin at 1 with every
 * channel. In the order of writing. Guarded by the lock of its lane.
 */
final class Unconfirmed {

    private final Map<Long, PendingPublish> bySequence = new LinkedHashMap<>();
    private long bytes;

    int size() {
        return bySequence.size();
    }

    long bytes() {
        return bytes;
    }

    void add(long sequence, PendingPublish publish) {
        bySequence.put(sequence, publish);
        bytes += publish.size;
    }

    /** Takes out what an answer of the broker is about: one, or all up to it. */
    List<PendingPublish> answered(long sequence, boolean isMultiple) {
        if (!isMultiple) {
            PendingPublish one = bySequence.remove(sequence);
            return one == null ? List.of() : List.of(counted(one));
        }
        List<PendingPublish> answered = new ArrayList<>();
        Iterator<Map.Entry<Long, PendingPublish>> all = bySequence.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Long, PendingPublish> next = all.next();
            if (next.getKey() > sequence) {
                break;
            }
            all.remove();
            answered.add(counted(next.getValue()));
        }
        return answered;
    }

    private PendingPublish counted(PendingPublish gone) {
        bytes -= gone.size;
        return gone;
    }

    List<PendingPublish> all() {
        return List.copyOf(bySequence.values());
    }

    boolean hasExpired(long now) {
        Iterator<PendingPublish> oldest = bySequence.values().iterator();
        return oldest.hasNext() && oldest.next().isOver(now);
    }

    void clear() {
        bySequence.clear();
        bytes = 0;
    }
}

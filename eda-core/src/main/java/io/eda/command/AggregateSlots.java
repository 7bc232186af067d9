package io.eda.command;

import io.eda.aggregate.AggregateState;
import io.eda.event.AggregateId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who may work on which aggregate now, and what is remembered of it. Aggregates share a fixed number of slots; a slot is a
 * lock and the states most recently used under it, so the cache needs no lock of its own.
 */
final class AggregateSlots {

    // Enough that two of 64 concurrent commands for different aggregates seldom wait for each other.
    private static final int SLOTS = 1 << 10;

    private final Slot[] slots = new Slot[SLOTS];

    AggregateSlots(int cachedAggregates) {
        int perSlot = (cachedAggregates + SLOTS - 1) / SLOTS;
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Slot(perSlot);
        }
    }

    Slot of(AggregateId id) {
        int hash = id.hashCode() * 0x9E3779B9;
        return slots[hash >>> 22];
    }

    /** To be used under its lock alone. */
    static final class Slot {

        final ReentrantLock lock = new ReentrantLock();
        private final Map<AggregateId, AggregateState<?>> recent;
        private final Map<AggregateId, HandledCommands> handled;

        private Slot(int capacity) {
            this.recent = mostRecent(capacity);
            this.handled = mostRecent(capacity);
        }

        private static <V> Map<AggregateId, V> mostRecent(int capacity) {
            return new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<AggregateId, V> eldest) {
                    return size() > capacity;
                }
            };
        }

        @SuppressWarnings("unchecked") // One kind of aggregate has one class of state, see CommandBus.Builder.
        <S> @Nullable AggregateState<S> recall(AggregateId id) {
            return (AggregateState<S>) recent.get(id);
        }

        void remember(AggregateState<?> state) {
            recent.put(state.aggregateId(), state);
        }

        void forget(AggregateId id) {
            recent.remove(id);
        }

        /** Returns the commands behind the last {@code maxEvents} events; what is remembered of them may be behind. */
        HandledCommands handledCommands(AggregateId id, int maxEvents) {
            return handled.computeIfAbsent(id, missing -> new HandledCommands(missing, maxEvents));
        }
    }
}

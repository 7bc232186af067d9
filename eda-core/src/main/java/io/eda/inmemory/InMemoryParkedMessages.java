package io.eda.inmemory;

import io.eda.parking.ParkedKey;
import io.eda.parking.ParkedMessages;
import io.eda.parking.ParkedReplay;
import io.eda.transport.Message;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The full contract of parked messages in the memory of this process: for tests, and where what waits may end with the process. */
public final class InMemoryParkedMessages implements ParkedMessages {

    /** How many messages are parked at most by default; parking more fails, and their sources are kept. */
    public static final int DEFAULT_CAPACITY = 100_000;

    private final Clock clock;
    private final int capacity;
    private final Map<ParkedKey, Queue> queues = new LinkedHashMap<>();
    private int size;

    /** Holds {@value #DEFAULT_CAPACITY} messages at most. */
    public InMemoryParkedMessages() {
        this(Clock.systemUTC(), DEFAULT_CAPACITY);
    }

    /** Holds {@code capacity} messages at most, and measures leases on {@code clock}. */
    public InMemoryParkedMessages(Clock clock, int capacity) {
        this.clock = clock;
        this.capacity = capacity;
    }

    @Override
    public synchronized CompletableFuture<Set<ParkedKey>> parked(Set<ParkedKey> keys) {
        Set<ParkedKey> parked = new LinkedHashSet<>(keys);
        parked.retainAll(queues.keySet());
        return CompletableFuture.completedFuture(parked);
    }

    @Override
    public synchronized CompletableFuture<Boolean> park(ParkedKey key, Message message, boolean onlyBehind) {
        Queue queue = queues.get(key);
        if (queue == null && onlyBehind) {
            return CompletableFuture.completedFuture(false);
        }
        if (queue != null && queue.messages.containsKey(message.id())) {
            return CompletableFuture.completedFuture(true);
        }
        if (size >= capacity) {
            return CompletableFuture.failedFuture(new IllegalStateException("The message " + message + " of " + key
                    + " cannot be parked: " + size + " are, which is the limit; replay or drop some"));
        }
        queues.computeIfAbsent(key, k -> new Queue()).messages.put(message.id(), message.copy());
        size++;
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public synchronized List<ParkedKey> keys(String group, int limit) {
        return queues.keySet().stream()
                .filter(key -> key.group().equals(group))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<Message> messages(ParkedKey key, int limit) {
        Queue queue = queues.get(key);
        return queue == null
                ? List.of()
                : queue.messages.values().stream().limit(limit).toList();
    }

    @Override
    public synchronized boolean release(ParkedKey key) {
        Queue queue = queues.get(key);
        if (queue != null) {
            queue.isReleased = true;
        }
        return queue != null;
    }

    @Override
    public synchronized boolean drop(ParkedKey key, String id) {
        Queue queue = queues.get(key);
        if (queue == null || queue.isTaken(clock.instant())) {
            return false;
        }
        return remove(key, queue, id);
    }

    @Override
    public synchronized Optional<ParkedReplay> take(String group, String owner, Duration lease) {
        Instant now = clock.instant();
        for (Map.Entry<ParkedKey, Queue> entry : queues.entrySet()) {
            Queue queue = entry.getValue();
            if (entry.getKey().group().equals(group) && queue.isReleased && !queue.isTaken(now)) {
                queue.owner = owner;
                queue.lease = lease;
                queue.until = now.plus(lease);
                return Optional.of(queue.first(entry.getKey(), owner));
            }
        }
        return Optional.empty();
    }

    @Override
    public synchronized boolean extend(ParkedReplay replay, Duration lease) {
        Queue queue = held(replay);
        if (queue != null) {
            queue.until = clock.instant().plus(lease);
        }
        return queue != null;
    }

    @Override
    public synchronized Optional<ParkedReplay> done(ParkedReplay replay) {
        Queue queue = held(replay);
        if (queue == null || !remove(replay.key(), queue, replay.message().id()) || queue.messages.isEmpty()) {
            return Optional.empty();
        }
        queue.until = clock.instant().plus(queue.lease);
        return Optional.of(queue.first(replay.key(), replay.owner()));
    }

    @Override
    public synchronized void giveBack(ParkedReplay replay, Optional<Message> letter) {
        Queue queue = held(replay);
        if (queue == null) {
            return;
        }
        queue.owner = null;
        letter.ifPresent(message -> {
            queue.isReleased = false;
            queue.replaceFirst(message.copy());
        });
    }

    private boolean remove(ParkedKey key, Queue queue, String id) {
        if (queue.messages.remove(id) == null) {
            return false;
        }
        size--;
        if (queue.messages.isEmpty()) {
            queues.remove(key);
        }
        return true;
    }

    private @Nullable Queue held(ParkedReplay replay) {
        Queue queue = queues.get(replay.key());
        boolean isHeld = queue != null
                && queue.isTaken(clock.instant())
                && replay.owner().equals(queue.owner);
        return isHeld ? queue : null;
    }

    private static final class Queue {

        private final Map<String, Message> messages = new LinkedHashMap<>();
        private boolean isReleased;
        private @Nullable String owner;
        private Duration lease = Duration.ZERO;
        private Instant until = Instant.MIN;

        private boolean isTaken(Instant now) {
            return owner != null && now.isBefore(until);
        }

        private ParkedReplay first(ParkedKey key, String by) {
            return new ParkedReplay(key, messages.values().iterator().next(), by);
        }

        private void replaceFirst(Message message) {
            List<Message> all = new ArrayList<>(messages.values());
            all.set(0, message);
            messages.clear();
            all.forEach(m -> messages.put(m.id(), m));
        }
    }
}

package io.eda.broker.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks through stretches of partitions for messages by their ids: from a time on, to the end of now, as far as its limits of records and of
 * time allow, which hold for all of its searches together. For one thread.
 */
final class RecordSearch {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> reader;
    private final RecordCodec codec;
    private final Deadline deadline;
    private int recordsLeft;

    RecordSearch(Consumer<byte[], byte[]> reader, RecordCodec codec, int maxRecords, Deadline deadline) {
        this.reader = reader;
        this.codec = codec;
        this.recordsLeft = maxRecords;
        this.deadline = deadline;
    }

    /**
     * What is looked for in one partition.
     *
     * @param since from when on
     * @param ids of which messages
     * @param leapTo where to go on once each of them was found: copies that stand before it change no answer
     */
    record Stretch(Instant since, Set<String> ids, long leapTo) {

        /** Returns one of the same partition for both. */
        Stretch and(Stretch other) {
            Set<String> both = new HashSet<>(ids);
            both.addAll(other.ids);
            return new Stretch(since.isBefore(other.since) ? since : other.since, both, leapTo);
        }
    }

    /** Where a copy of a message stands. */
    record Place(TopicPartition partition, long offset) {}

    /**
     * What a search has found.
     *
     * @param places where each message stands, in each partition in the order of the offsets
     * @param isCut whether a limit ended it
     */
    record Found(Map<String, List<Place>> places, boolean isCut) {

        List<Place> of(String id) {
            return places.getOrDefault(id, List.of());
        }
    }

    /** Looks through {@code stretches}. */
    Found in(Map<TopicPartition, Stretch> stretches) {
        Map<String, List<Place>> places = new HashMap<>();
        Map<TopicPartition, Trail> trails = begin(stretches);
        while (!trails.isEmpty() && recordsLeft > 0 && !deadline.isOver()) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(deadline.left(POLL))) {
                recordsLeft--;
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                String id = codec.idOf(record);
                Trail trail = trails.get(partition);
                if (trail != null && trail.isWanted(id)) {
                    places.computeIfAbsent(id, any -> new ArrayList<>()).add(new Place(partition, record.offset()));
                }
            }
            trails.entrySet().removeIf(trail -> isAtItsEnd(trail.getKey(), trail.getValue()));
        }
        return new Found(places, !trails.isEmpty());
    }

    // Of those partitions that have anything from the time on.
    private Map<TopicPartition, Trail> begin(Map<TopicPartition, Stretch> stretches) {
        Map<TopicPartition, Trail> trails = new HashMap<>();
        if (stretches.isEmpty()) {
            return trails;
        }
        Map<TopicPartition, Long> times = new HashMap<>();
        stretches.forEach(
                (partition, stretch) -> times.put(partition, stretch.since().toEpochMilli()));
        Map<TopicPartition, Long> ends = reader.endOffsets(times.keySet(), deadline.left());
        Map<TopicPartition, OffsetAndTimestamp> starts = reader.offsetsForTimes(times, deadline.left());
        Map<TopicPartition, Long> begins = new HashMap<>();
        stretches.forEach((partition, stretch) -> {
            OffsetAndTimestamp start = starts.get(partition);
            long end = ends.getOrDefault(partition, 0L);
            if (start != null && start.offset() < end) {
                begins.put(partition, start.offset());
                trails.put(partition, new Trail(stretch, end));
            }
        });
        reader.assign(begins.keySet());
        begins.forEach(reader::seek);
        return trails;
    }

    private boolean isAtItsEnd(TopicPartition partition, Trail trail) {
        long leapTo = trail.leap();
        if (reader.position(partition, deadline.left()) < leapTo) {
            reader.seek(partition, leapTo);
        }
        boolean isAtItsEnd = reader.position(partition, deadline.left()) >= trail.end;
        if (isAtItsEnd) {
            // It must not use up the records of the others.
            reader.pause(Set.of(partition));
        }
        return isAtItsEnd;
    }

    /** How far one partition is looked through. */
    private static final class Trail {

        private final Stretch stretch;
        private final Set<String> missing;
        private final long end;

        private Trail(Stretch stretch, long end) {
            this.stretch = stretch;
            this.missing = new HashSet<>(stretch.ids());
            this.end = end;
        }

        private boolean isWanted(String id) {
            missing.remove(id);
            return stretch.ids().contains(id);
        }

        /** Returns where to go on at least. */
        private long leap() {
            return missing.isEmpty() ? Math.min(stretch.leapTo(), end) : 0;
        }
    }
}

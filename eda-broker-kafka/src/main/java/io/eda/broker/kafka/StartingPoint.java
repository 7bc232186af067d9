package io.eda.broker.kafka;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a group begins that has never committed an offset. A partition or a topic that comes later is always read from its
 * first record, whatever stands here, so that growing skips nothing.
 *
 * @param instant the time from which on records are wanted, where it was given as a time
 * @param offsets the offset to begin at, by {@code topic/partition}, where it was given so; other partitions begin at their
 *     first record
 * @param isLatest whether only what comes later is wanted
 */
public record StartingPoint(Optional<Instant> instant, Map<String, Long> offsets, boolean isLatest) {

    /** Copies the offsets. */
    public StartingPoint {
        offsets = Map.copyOf(offsets);
        offsets.forEach((place, offset) -> {
            if (offset < 0 || !place.matches(".+/\\d+")) {
                throw new IllegalArgumentException(
                        "Offset " + offset + " of '" + place
                                + "' is no place to begin at: write topic/partition, such as 'events.order/3', and an offset from 0");
            }
        });
    }

    /** Returns the first record of everything that is still there: the default. */
    public static StartingPoint earliest() {
        return new StartingPoint(Optional.empty(), Map.of(), false);
    }

    /** Returns the end, as it is when the group first starts. */
    public static StartingPoint latest() {
        return new StartingPoint(Optional.empty(), Map.of(), true);
    }

    /** Returns the first record of each partition whose timestamp is {@code instant} or later. */
    public static StartingPoint at(Instant instant) {
        return new StartingPoint(Optional.of(instant), Map.of(), false);
    }

    /** Returns the offsets by {@code topic/partition}, such as {@code events.order/3}. */
    public static StartingPoint atOffsets(Map<String, Long> offsets) {
        return new StartingPoint(Optional.empty(), offsets, false);
    }

    boolean isEarliest() {
        return instant.isEmpty() && offsets.isEmpty() && !isLatest;
    }

    OptionalLong offsetOf(String topic, int partition) {
        Long offset = offsets.get(topic + "/" + partition);
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }
}

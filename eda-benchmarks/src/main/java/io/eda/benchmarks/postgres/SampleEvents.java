package io.eda.benchmarks.postgres;

import io.eda.event.TimeOrderedIds;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;

/**
 * The events that every system stores: a JSON object of {@value #PAYLOAD_BYTES} bytes, an event id and an aggregate id that
 * are UUIDs in the order of time. For one caller.
 */
final class SampleEvents {

    static final int PAYLOAD_BYTES = 250;
    static final String AGGREGATE_TYPE = "order";
    static final String EVENT_TYPE = "order.placed";

    // Made before, so that their making is in nobody's figures; many, so that no cache is fed with one array alone.
    private static final byte[][] PAYLOADS = payloads(1024);

    private final Clock clock = Clock.systemUTC();
    private final TimeOrderedIds ids = new TimeOrderedIds(clock);
    private int next;

    /** Returns an id for an event, or, as text, for an aggregate or a command. */
    UUID id() {
        return ids.get();
    }

    /** Returns the data of the next event. */
    byte[] payload() {
        next = (next + 1) % PAYLOADS.length;
        return PAYLOADS[next];
    }

    /** Returns the time, as exact as PostgreSQL keeps it. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static byte[][] payloads(int count) {
        byte[][] payloads = new byte[count][];
        for (int i = 0; i < count; i++) {
            String start = String.format(
                    Locale.ROOT,
                    "{\"customer\":\"c-%06d\",\"currency\":\"EUR\",\"totalCents\":%d,\"items\":[{\"sku\":\"sku-%04d\","
                            + "\"quantity\":%d}],\"note\":\"",
                    i * 7919 % 1_000_000,
                    1_000 + i * 31,
                    i,
                    1 + i % 9);
            String end = "\"}";
            String note = "x".repeat(PAYLOAD_BYTES - start.length() - end.length());
            payloads[i] = (start + note + end).getBytes(StandardCharsets.US_ASCII);
        }
        return payloads;
    }
}

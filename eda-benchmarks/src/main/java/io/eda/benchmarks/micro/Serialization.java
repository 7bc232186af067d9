package io.eda.benchmarks.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** An event of some 250 bytes to bytes and back, in its current version and from the one before. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Serialization {

    private static final String NAME = "order.created";

    private final JacksonEventSerializer json = new JacksonEventSerializer(EventTypes.builder()
            .add(
                    NAME,
                    2,
                    Created.class,
                    steps -> steps.from(
                            1, data -> data.put("note", data.remove("remark").stringValue())))
            .build());
    private final Created created = new Created("customer-1", 4_200, "n".repeat(200));
    private final EventRecord current = record(2, json.serialize(created));
    private final EventRecord old = record(
            1, new String(current.data(), UTF_8).replace("note", "remark").getBytes(UTF_8));

    /** To bytes. */
    @Benchmark
    public byte[] serialize() {
        return json.serialize(created);
    }

    /** From bytes, in the current version. */
    @Benchmark
    public List<Event<?>> deserialize() {
        return json.deserialize(current);
    }

    /** From bytes of the version before, through an upcaster that renames a field. */
    @Benchmark
    public List<Event<?>> upcast() {
        return json.deserialize(old);
    }

    private static EventRecord record(int version, byte[] data) {
        return new EventRecord(
                new UUID(1, 2),
                EventType.of(NAME, version),
                Instant.EPOCH,
                "correlation",
                "causation",
                AggregateId.of("order", "42"),
                1,
                data,
                Metadata.empty());
    }

    /** The data. */
    public record Created(String customer, long totalCents, String note) {}
}

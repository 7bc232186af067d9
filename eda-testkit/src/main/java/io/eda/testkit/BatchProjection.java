package io.eda.testkit;

import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.projection.CheckpointStore;
import io.eda.projection.FollowOptions;
import io.eda.projection.OnFailure;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.retry.Backoff;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;

/**
 * A projection that takes its events in batches, of which two are poison: one in the middle of a page, behind which a later
 * event of its aggregate waits, and the last of all.
 */
final class BatchProjection<C> {

    static final String NAME = "batches";
    static final int PAGE = 16;

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final long EVENTS = 40;
    private static final long POISON = 23;
    private static final long BEHIND_POISON = 31;

    record Counted(long number) {}

    private final CheckpointStore<C> checkpoints;
    private final Note<C> note;
    private final EventStore events = new EventStore(
            new InMemoryEventStorage(),
            new JacksonEventSerializer(
                    EventTypes.builder().add("thing.counted", Counted.class).build()));
    private final List<Integer> sizes = new CopyOnWriteArrayList<>();

    BatchProjection(CheckpointStore<C> checkpoints, Note<C> note) {
        this.checkpoints = checkpoints;
        this.note = note;
    }

    /** Projects all events; each leaves a note, and a poison fails behind the notes of those before it in its batch. */
    void run() throws Exception {
        for (long number = 1; number <= EVENTS; number++) {
            String aggregate = number == POISON || number == BEHIND_POISON ? "poor" : "n" + number;
            events.append(AggregateId.of("thing", aggregate), ExpectedVersion.any(), List.of(new Counted(number)));
        }
        Projection<C> projection = Projection.<C>named(NAME)
                .inBatches(List.of(Counted.class), this::apply)
                .build();
        FollowOptions options = FollowOptions.defaults()
                .withPageSize(PAGE)
                .withFailures(2, new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)), OnFailure.PARK_KEY);
        try (var runner =
                ProjectionRunner.of(projection, events, checkpoints, options).start()) {
            runner.awaitPosition(EVENTS, PATIENCE);
        }
    }

    private void apply(List<Event<?>> batch, C context) throws Exception {
        sizes.add(batch.size());
        for (Event<?> event : batch) {
            long number = ((Counted) event.data()).number();
            if (number == POISON || number == EVENTS) {
                throw new IllegalStateException("poison");
            }
            note.write(context, "batched " + number);
        }
    }

    List<Integer> sizes() {
        return sizes;
    }

    List<String> expectedNotes() {
        return LongStream.rangeClosed(1, EVENTS)
                .filter(number -> !expectedFailures().contains(number))
                .mapToObj(number -> "batched " + number)
                .toList();
    }

    /** What is parked: both poisons, and what came behind the first. */
    List<Long> expectedFailures() {
        return List.of(POISON, BEHIND_POISON, EVENTS);
    }

    /** Leaves a note, as the work of a checkpoint does. */
    interface Note<C> {
        void write(C context, String note) throws Exception;
    }
}

package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Operation;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.jdbc.query.javadsl.JdbcReadJournal;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;

/**
 * Reads through the read journal of Pekko Persistence JDBC 1.1.1, up to envelopes whose events are bytes. It has no query for
 * all events: whoever wants them tags each, as here, and reads the tag.
 */
final class PekkoReads {

    private static final String COPY =
            """
            insert into event_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest,
                event_ser_id, event_ser_manifest, event_payload)
            select aggregate_type || '|' || aggregate_id, aggregate_version, correlation_id,
                (extract(epoch from occurred_at) * 1000)::bigint, '', 4, '', data
            from eda.events order by position""";

    private static final String TAG = "insert into event_tag (event_id, tag) select ordering, '"
            + SampleEvents.AGGREGATE_TYPE + "' from event_journal order by ordering";

    private final JdbcReadJournal journal;
    private final ActorSystem system;

    private PekkoReads(ActorSystem system) {
        this.system = system;
        this.journal =
                PersistenceQuery.get(system).getReadJournalFor(JdbcReadJournal.class, JdbcReadJournal.Identifier());
    }

    /** Gives Pekko a copy of what is stored, in the same order. */
    static void copy(Connections connections) throws SQLException {
        PekkoJournal.createTables(connections);
        connections.execute(COPY);
        connections.execute(TAG);
        connections.execute("vacuum analyze event_journal, event_tag");
    }

    /** Reads everything in order, a page a call, again and again. */
    static Callers all(Connections connections, StoredHistory history, int pageSize) throws Exception {
        PekkoReads reads = new PekkoReads(PekkoJournal.system(connections));
        String last = connections.ask("select max(ordering) from event_journal");
        reads.awaitLast(Offset.sequence(Long.parseLong(last) - 1));
        return () -> reads.new Pages(history, pageSize)::next;
    }

    /** A journal that has just been opened walks over all positions first, and says until then that there are fewer. */
    private void awaitLast(Offset beforeLast) throws ExecutionException, InterruptedException {
        List<EventEnvelope> last = List.of();
        while (last.isEmpty()) {
            last = journal.currentEventsByTag(SampleEvents.AGGREGATE_TYPE, beforeLast)
                    .runWith(Sink.seq(), system)
                    .toCompletableFuture()
                    .get();
        }
    }

    /** Reads one aggregate a call. */
    static Callers aggregates(Connections connections, StoredHistory history) {
        PekkoReads reads = new PekkoReads(PekkoJournal.system(connections));
        return () -> {
            SplittableRandom random = new SplittableRandom();
            Operation operation = watch -> history.wholeAggregate(reads.count(history.anyAggregate(random)));
            return operation;
        };
    }

    private int count(String aggregateId) throws ExecutionException, InterruptedException {
        List<EventEnvelope> events = journal.currentEventsByPersistenceId(
                        PekkoStore.persistenceId(aggregateId), 0, Long.MAX_VALUE)
                .runWith(Sink.seq(), system)
                .toCompletableFuture()
                .get();
        return counted(events);
    }

    private static int counted(List<EventEnvelope> events) {
        events.forEach(envelope -> Replay.requireWhole((byte[]) envelope.event()));
        return events.size();
    }

    /** One stream from the first event to the last, taken a page at a time. */
    private final class Pages {

        private final StoredHistory history;
        private final int pageSize;
        private SinkQueueWithCancel<List<EventEnvelope>> pages;
        private int seen;

        Pages(StoredHistory history, int pageSize) {
            this.history = history;
            this.pageSize = pageSize;
            this.pages = fromBeginning();
        }

        int next(Object watch) throws ExecutionException, InterruptedException {
            Optional<List<EventEnvelope>> page =
                    pages.pull().toCompletableFuture().get();
            int count = page.map(PekkoReads::counted).orElse(0);
            seen += count;
            if (page.isEmpty()) {
                history.requireAll(seen);
                pages = fromBeginning();
                seen = 0;
            }
            return count;
        }

        private SinkQueueWithCancel<List<EventEnvelope>> fromBeginning() {
            return journal.currentEventsByTag(SampleEvents.AGGREGATE_TYPE, Offset.sequence(0))
                    .grouped(pageSize)
                    .runWith(Sink.queue(), system);
        }
    }
}

package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Operation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.jdbc.journal.dao.DefaultJournalDao;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.util.Try;

/**
 * Pekko Persistence JDBC 1.1.1, called at the place where its journal plugin calls the database: the journal's data access object,
 * whose queue puts what many write at once into one batch. Nothing of Pekko above it takes part: no persistent actor, whose start
 * asks for its snapshot, its events and its highest sequence number, and no messages to and from the plugin.
 */
final class PekkoStore implements AppendSystem {

    @Override
    public String name() {
        return "pekko-1.1-jdbc";
    }

    @Override
    public String settings() {
        return "pekko-persistence-jdbc 1.1.1 (Pekko 1.1.3, Slick 3.5.1): DefaultJournalDao with the settings of reference.conf (batches"
                + " of up to 400, 8 at once, buffer of 1000, pool of 20) and the DDL from its jar, payload bytea by Pekko's"
                + " serializer of byte arrays; no persistent actors, so no recovery";
    }

    @Override
    public String payloadColumn() {
        return "event_journal.event_payload";
    }

    @Override
    public Callers open(Connections connections, int eventsPerAppend) throws SQLException {
        PekkoJournal.createTables(connections);
        // One for all: its queue is where their events meet.
        DefaultJournalDao journal = PekkoJournal.writer(connections);
        return () -> caller(journal, eventsPerAppend);
    }

    private static Operation caller(DefaultJournalDao journal, int eventsPerAppend) {
        SampleEvents sample = new SampleEvents();
        // A persistent actor has one for each of its lives.
        String writer = sample.id().toString();
        return watch -> {
            AtomicWrite write = new AtomicWrite(scala(events(sample, writer, eventsPerAppend)));
            // The answer has a Try for each write: it holds what could not be serialized. What could not be stored
            // fails the future.
            CollectionConverters.asJava(FutureConverters.asJava(journal.asyncWriteMessages(scala(List.of(write))))
                            .toCompletableFuture()
                            .get())
                    .forEach(Try::get);
            return eventsPerAppend;
        };
    }

    private static List<PersistentRepr> events(SampleEvents sample, String writer, int count) {
        String persistenceId = persistenceId(sample.id().toString());
        List<PersistentRepr> events = new ArrayList<>(count);
        for (int sequenceNumber = 1; sequenceNumber <= count; sequenceNumber++) {
            events.add(PersistentRepr.apply(
                            sample.payload(), sequenceNumber, persistenceId, "", false, ActorRef.noSender(), writer)
                    .withTimestamp(sample.now().toEpochMilli()));
        }
        return events;
    }

    /** Returns the name of an aggregate as Pekko writes it. */
    static String persistenceId(String aggregateId) {
        return SampleEvents.AGGREGATE_TYPE + "|" + aggregateId;
    }

    private static <T> scala.collection.immutable.Seq<T> scala(List<T> list) {
        return CollectionConverters.asScala(list).toSeq();
    }
}

package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.harness.Scenario;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** What appends and reads cost as the table, the data and the number of aggregates grow. */
public final class GrowthBench {

    private static final int PAGE = 1_000;
    private static final int APPENDERS = 64;
    private static final int READERS = 8;
    private static final int IDS = 1_000;

    private final Database database;

    private GrowthBench(Database database) {
        this.database = database;
    }

    /** Measures at each of {@code sizes}, numbers of events that are multiples of 1 000 and rise, on a PostgreSQL of its own. */
    public static void run(Report report, List<Integer> sizes) throws Exception {
        try (Server server = Server.start();
                Database database = server.freshDatabase()) {
            report.line(server.description());
            GrowthBench bench = new GrowthBench(database);
            StoredHistory history = StoredHistory.load(database, 0);
            for (int events : sizes) {
                history = history.grown(database, events);
                report.compare(bench.scenario(history, events));
            }
            AppendGrowth.run(report, server);
        }
    }

    private Scenario scenario(StoredHistory history, int events) throws Exception {
        List<UUID> ids = someIds(events);
        return new Scenario(
                String.format("%,d events stored", events),
                Pace.asFastAsPossible(),
                List.of(
                        contender("append", APPENDERS, this::append),
                        contender("one aggregate of 100", READERS, all -> EdaReads.aggregates(all, history, READERS)),
                        contender("page of 1000", 1, all -> EdaReads.anywhere(all, events, PAGE)),
                        contender("event by id", 1, all -> EdaReads.byId(all, ids))),
                List.of(),
                List.of());
    }

    private Contender contender(String name, int callers, OpenSession.Opening opening) {
        return new Contender(
                name, "PostgresEventStorage", callers, () -> OpenSession.of(database.connections(), opening));
    }

    private Callers append(Connections connections) {
        return new EdaStore().open(connections, 1);
    }

    private List<UUID> someIds(int events) throws Exception {
        List<UUID> ids = new ArrayList<>(IDS);
        SplittableRandom random = new SplittableRandom(1);
        try (Connections connections = database.connections()) {
            Connection connection = connections.connect();
            PreparedStatement select = connection.prepareStatement(
                    "select event_id from " + EventsTable.NAME + " where position >= ? order by position limit 1");
            while (ids.size() < IDS) {
                select.setLong(1, random.nextInt(events));
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    ids.add(row.getObject(1, UUID.class));
                }
            }
        }
        return ids;
    }
}

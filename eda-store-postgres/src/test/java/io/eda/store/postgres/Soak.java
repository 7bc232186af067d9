package io.eda.store.postgres;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.store.ExpectedVersion;
import io.eda.testkit.servers.PostgresServer;
import io.eda.testkit.servers.RealServers;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Lets many writers do everything at random for some minutes, kills the server under them again and again, and counts what
 * went wrong: {@code dev/soak postgres MINUTES}. Ends with status 0 where every count is zero.
 */
public final class Soak {

    private static final Duration BETWEEN_KILLS = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final PrintStream OUT = System.out;

    private final PostgresServer server;
    private final HikariDataSource pool;
    private final PostgresOptions options = TestDatabase.freshSchema();

    private Soak(PostgresServer server, HikariDataSource pool) {
        this.server = server;
        this.pool = pool;
    }

    /** Runs for as many minutes as its argument says. */
    public static void main(String[] arguments) throws Exception {
        Duration length = Duration.ofSeconds((long) (60 * Double.parseDouble(arguments[0])));
        boolean isClean;
        try (PostgresServer server = RealServers.dedicatedPostgres();
                HikariDataSource pool = TestDatabase.pool(server.jdbcUrl(), 100)) {
            OUT.println("Writing for " + length.toSeconds() + " s to " + server + ", killed every "
                    + BETWEEN_KILLS.toSeconds() + " s");
            isClean = new Soak(server, pool).run(length);
        }
        System.exit(isClean ? 0 : 1);
    }

    private boolean run(Duration length) throws Exception {
        try (PostgresEventStorage own = PostgresEventStorage.create(pool, options);
                PostgresEventStorage other = PostgresEventStorage.create(pool, options)) {
            List<SoakFollower> followers = List.of(
                    new SoakFollower(own, 3).start(),
                    new SoakFollower(own, 500).start(),
                    new SoakFollower(other, 1_000).start());
            RandomWriters first = new RandomWriters(own, pool, options)
                    .start(16, 8)
                    .startJoinedAndCopying(6, 4)
                    .startForeign(4);
            RandomWriters second = new RandomWriters(other, pool, options).start(8, 0);
            int kills = writeAndKill(length);
            first.close();
            second.close();
            long last =
                    own.append(Events.append("end", ExpectedVersion.any(), 1)).lastPosition();
            for (SoakFollower follower : followers) {
                follower.finishAt(last, PATIENCE);
            }
            OUT.println("killed the server " + kills + " times; " + (first.failures() + second.failures())
                    + " attempts met it, "
                    + (first.unknown().size() + second.unknown().size())
                    + " events had an unknown outcome");
            return report(followers, List.of(first, second));
        }
    }

    private int writeAndKill(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        Random random = new Random();
        int kills = 0;
        for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, BETWEEN_KILLS.toNanos() + random.nextInt(1_000_000_000)));
            if (end - System.nanoTime() > BETWEEN_KILLS.toNanos() / 2) {
                server.kill();
                server.start();
                kills++;
            }
        }
        return kills;
    }

    private boolean report(List<SoakFollower> followers, List<RandomWriters> writers) throws SQLException {
        Set<Long> positions = new HashSet<>();
        Map<UUID, Integer> stored = stored(pool, positions);
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put(
                "missed", followers.stream().mapToLong(f -> f.missed(positions)).sum());
        counts.put(
                "seen and not there",
                followers.stream().mapToLong(f -> f.foreign(positions)).sum());
        counts.put(
                "inversions",
                followers.stream().mapToLong(SoakFollower::inversions).sum());
        counts.put(
                "duplicates",
                followers.stream().mapToLong(SoakFollower::duplicates).sum()
                        + stored.values().stream().filter(times -> times > 1).count());
        counts.put(
                "half-written",
                writers.stream()
                        .flatMap(w -> w.attempted().stream())
                        .filter(ids -> isHalf(ids, stored))
                        .count());
        List<UUID> acknowledged =
                writers.stream().flatMap(w -> w.acknowledged().stream()).toList();
        counts.put(
                "lost acknowledged",
                acknowledged.stream().filter(id -> !stored.containsKey(id)).count());
        List<Throwable> surprises = new ArrayList<>();
        writers.forEach(w -> surprises.addAll(w.surprises()));
        followers.forEach(f -> f.surprise().ifPresent(surprises::add));
        counts.put("surprises", (long) surprises.size());
        OUT.println(stored.size() + " events stored, " + acknowledged.size() + " acknowledged, " + followers.size()
                + " followers");
        counts.forEach((name, count) -> OUT.printf("%-20s %d%n", name, count));
        surprises.forEach(surprise -> surprise.printStackTrace(OUT));
        return counts.values().stream().allMatch(count -> count == 0);
    }

    private static boolean isHalf(List<UUID> ids, Map<UUID, Integer> stored) {
        long there = ids.stream().filter(stored::containsKey).count();
        return there != 0 && there != ids.size();
    }

    /** Asks the table itself, past everything that is tested. */
    private Map<UUID, Integer> stored(DataSource dataSource, Set<Long> positions) throws SQLException {
        Map<UUID, Integer> stored = new LinkedHashMap<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("select position, event_id from " + BulkEvents.table(options))) {
            while (rows.next()) {
                positions.add(rows.getLong(1));
                stored.merge(rows.getObject(2, UUID.class), 1, Integer::sum);
            }
        }
        return stored;
    }
}

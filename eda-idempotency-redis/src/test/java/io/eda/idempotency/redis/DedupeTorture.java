package io.eda.idempotency.redis;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.eda.store.postgres.PostgresInbox;
import io.eda.store.postgres.PostgresOptions;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.RedisServer;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Three processes that are delivered the same events, each one in ten twice, and are killed with -9 again and again; then the
 * effects are counted.
 */
final class DedupeTorture {

    private static final int PROCESSES = 3;
    private static final Duration LAST_LIMIT = Duration.ofMinutes(5);

    /**
     * What came of it.
     *
     * @param kills how many processes were killed
     * @param inbox how many effects each event had through the inbox
     * @param redis how many effects each event had through the store
     * @param unfinished how many attempts at each event began and were not told completed: crashes between the effect and its
     *     completion, and owners that came late
     */
    record Counts(int kills, Map<UUID, Long> inbox, Map<UUID, Long> redis, Map<UUID, Long> unfinished) {

        /** Events with more effects than the first and one for each unfinished attempt. */
        List<UUID> unaccounted() {
            return redis.entrySet().stream()
                    .filter(effects -> effects.getValue() > 1 + unfinished.getOrDefault(effects.getKey(), 0L))
                    .map(Map.Entry::getKey)
                    .toList();
        }

        long repeatedThroughRedis() {
            return redis.values().stream().mapToLong(effects -> effects - 1).sum();
        }

        @Override
        public String toString() {
            return kills + " kills; through the inbox " + sum(inbox) + " effects of " + inbox.size()
                    + " events; through Redis " + sum(redis) + " effects of " + redis.size() + " events, "
                    + repeatedThroughRedis() + " repeated, " + sum(unfinished)
                    + " attempts between effect and completion when they were killed or late, "
                    + unaccounted().size() + " events unaccounted for";
        }

        private static long sum(Map<UUID, Long> counts) {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private final RedisServer redis;
    private final int events;
    private final Path folder;
    private final Random random = new Random();
    private final String schema = "dedupe_" + UUID.randomUUID().toString().substring(0, 8);
    private final PGSimpleDataSource database = new PGSimpleDataSource();

    private DedupeTorture(RedisServer redis, int events, Path folder) throws SQLException {
        this.redis = redis;
        this.events = events;
        this.folder = folder;
        database.setUrl(RealServers.postgres().jdbcUrl());
        PostgresInbox.create(database, PostgresOptions.defaults().withSchema(schema), Duration.ofDays(1));
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table " + schema + ".effects (event_id uuid not null)");
        }
    }

    /** Rounds of 5 000 events for as many minutes as the argument says; fails with the first one that does not add up. */
    public static void main(String[] arguments) throws Exception {
        long end = System.nanoTime() + (long) (Double.parseDouble(arguments[0]) * 60e9);
        int round = 0;
        while (round == 0 || System.nanoTime() < end) {
            round++;
            Path folder = Files.createTempDirectory("dedupe");
            Counts counts = run(5_000, 25, folder);
            System.out.println("round " + round + ": " + counts);
            boolean isExact = counts.inbox().size() == 5_000
                    && counts.inbox().values().stream().allMatch(effects -> effects == 1);
            if (!isExact
                    || counts.redis().size() != 5_000
                    || !counts.unaccounted().isEmpty()) {
                System.out.println("It does not add up. The journals are in " + folder);
                System.exit(1);
            }
        }
    }

    /** Lets processes handle {@code events} events, and kills one of them {@code kills} times, or until all are handled. */
    static Counts run(int events, int kills, Path folder) throws Exception {
        try (RedisServer redis = RealServers.dedicatedRedis()) {
            return new DedupeTorture(redis, events, folder).run(kills);
        }
    }

    private Counts run(int wanted) throws Exception {
        List<Process> processes = new ArrayList<>();
        int kills = 0;
        try {
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(start(i, 0));
            }
            while (kills < wanted && processes.stream().anyMatch(Process::isAlive)) {
                int victim = random.nextInt(PROCESSES);
                if (isKilledAtWork(processes.get(victim), victim)) {
                    kills++;
                    processes.set(victim, start(victim, kills));
                }
            }
            for (int i = 0; i < PROCESSES; i++) {
                end(processes.get(i), i);
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
        return new Counts(kills, inboxEffects(), redisEffects(), unfinished());
    }

    /** Kills the process in the middle of its work; one that has nothing to do any more ends by itself. */
    private boolean isKilledAtWork(Process process, int number) throws Exception {
        long before = journalSize(number);
        while (process.isAlive() && journalSize(number) == before) {
            process.waitFor(5, TimeUnit.MILLISECONDS);
        }
        if (process.waitFor(random.nextInt(200), TimeUnit.MILLISECONDS)) {
            return false;
        }
        process.destroyForcibly().waitFor();
        return true;
    }

    private long journalSize(int number) throws IOException {
        Path journal = folder.resolve("journal-" + number);
        return Files.exists(journal) ? Files.size(journal) : 0;
    }

    private Process start(int number, int attempt) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DedupeConsumer.class.getName(),
                        Integer.toString(events),
                        Integer.toString(1_000 * number + attempt),
                        folder.resolve("journal-" + number).toString(),
                        redis.uri(),
                        RealServers.postgres().jdbcUrl(),
                        schema)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out-" + number + "-" + attempt).toFile())
                .start();
    }

    private void end(Process process, int number) throws Exception {
        if (!process.waitFor(LAST_LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("Consumer " + number + " did not handle everything; what it said is in " + folder);
        }
    }

    private Map<UUID, Long> inboxEffects() throws SQLException {
        Map<UUID, Long> effects = new HashMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select event_id, count(*) from " + schema + ".effects group by event_id")) {
            while (rows.next()) {
                effects.put(rows.getObject(1, UUID.class), rows.getLong(2));
            }
            return effects;
        }
    }

    private Map<UUID, Long> redisEffects() {
        return Ask.redis(redis, commands -> {
            Map<UUID, Long> effects = new HashMap<>();
            ScanArgs pattern =
                    ScanArgs.Builder.matches(DedupeConsumer.EFFECT_PREFIX + "*").limit(1_000);
            KeyScanCursor<String> cursor = commands.scan(pattern);
            while (true) {
                for (String key : cursor.getKeys()) {
                    UUID event = UUID.fromString(key.substring(DedupeConsumer.EFFECT_PREFIX.length()));
                    effects.put(event, Long.parseLong(commands.get(key)));
                }
                if (cursor.isFinished()) {
                    return effects;
                }
                cursor = commands.scan(cursor, pattern);
            }
        });
    }

    private Map<UUID, Long> unfinished() throws IOException {
        Map<UUID, Long> begun = told(Journal.BEGUN);
        Map<UUID, Long> completed = told(Journal.COMPLETED);
        Map<UUID, Long> unfinished = new HashMap<>();
        begun.forEach((event, times) -> {
            long open = times - completed.getOrDefault(event, 0L);
            if (open > 0) {
                unfinished.put(event, open);
            }
        });
        return unfinished;
    }

    private Map<UUID, Long> told(String what) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("journal-"))
                    .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines.stream()
                .map(line -> line.split(" ", 2))
                .filter(words -> words[0].equals(what))
                .collect(groupingBy(words -> UUID.fromString(words[1]), counting()));
    }
}

package io.eda.samples.dedupe;

import io.eda.store.postgres.PostgresInbox;
import io.eda.testkit.servers.RealServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Kafka and RabbitMQ each deliver events to processes that are killed with -9 again and again, one event in ten twice; then the effects
 * are counted.
 */
final class DedupeTorture {

    private static final Duration LAST_LIMIT = Duration.ofMinutes(5);

    /** What came of it, by the name of the broker. */
    record Outcome(int kills, Map<String, Counts> brokers) {

        boolean isWell() {
            return brokers.values().stream()
                    .allMatch(counts -> counts.isExactInInbox()
                            && counts.isCompleteInRedis()
                            && counts.unaccounted().isEmpty());
        }
    }

    private final int processes;
    private final Path folder;
    private final Stage stage;
    private final PGSimpleDataSource database = new PGSimpleDataSource();
    private final Random random = new Random();
    private final List<Process> running = new ArrayList<>();
    private final List<Path> journals = new ArrayList<>();
    private final Set<Path> killed = new HashSet<>();
    private int started;

    private DedupeTorture(int processes, Path folder) throws Exception {
        this.processes = processes;
        this.folder = folder;
        startServers();
        this.stage = new Stage(
                RealServers.kafka().bootstrapServers(),
                RealServers.rabbitMq().uri(),
                RealServers.redis().uri(),
                RealServers.postgres().jdbcUrl(),
                "dedupe" + UUID.randomUUID().toString().substring(0, 8));
        database.setUrl(stage.jdbcUrl());
        PostgresInbox.create(database, stage.postgres(), Duration.ofDays(1));
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table " + stage.mark() + ".effects (event_id uuid not null)");
        }
    }

    /** All at once: they wait more than they work. */
    private static void startServers() {
        CompletableFuture.allOf(
                        CompletableFuture.runAsync(RealServers::kafka),
                        CompletableFuture.runAsync(RealServers::rabbitMq),
                        CompletableFuture.runAsync(RealServers::redis),
                        CompletableFuture.runAsync(RealServers::postgres))
                .join();
    }

    /** Rounds of 20 kills for as many minutes as the argument says; ends with status 1 at the first that does not add up. */
    public static void main(String[] arguments) throws Exception {
        long end = System.nanoTime() + (long) (Double.parseDouble(arguments[0]) * 60e9);
        int round = 0;
        while (round == 0 || System.nanoTime() < end) {
            round++;
            Path folder = Files.createTempDirectory("dedupe");
            Outcome outcome = run(3, 20, folder);
            System.out.println("round " + round + ": " + outcome.kills() + " kills");
            outcome.brokers().forEach((broker, counts) -> System.out.println("  over " + broker + ": " + counts));
            if (!outcome.isWell()) {
                System.out.println("It does not add up. The journals are in " + folder);
                System.exit(1);
            }
        }
        System.exit(0);
    }

    /** Publishes while {@code processes} handle, kills one of them {@code kills} times, and counts when all is handled. */
    static Outcome run(int processes, int kills, Path folder) throws Exception {
        return new DedupeTorture(processes, folder).run(kills);
    }

    private Outcome run(int kills) throws Exception {
        try (Sender sender = Sender.start(stage, random.nextLong())) {
            for (int i = 0; i < processes; i++) {
                start(i);
            }
            for (int i = 0; i < kills; i++) {
                killAtWork(random.nextInt(processes));
            }
            sender.finish();
            Effects effects = new Effects(stage, database);
            awaitHandled(sender, effects);
            return outcome(sender, effects, kills);
        } finally {
            running.forEach(Process::destroyForcibly);
        }
    }

    private Outcome outcome(Sender sender, Effects effects, int kills) throws Exception {
        Counts.Attempts attempts = Counts.Attempts.read(folder, killed);
        Map<UUID, Long> inbox = effects.inbox();
        Map<String, Counts> brokers = new HashMap<>();
        for (Sender.Sent sent : sender.sent()) {
            Map<UUID, Long> itsInbox = new HashMap<>(inbox);
            itsInbox.keySet().retainAll(sent.events());
            brokers.put(
                    sent.broker(),
                    new Counts(
                            Set.copyOf(sent.events()),
                            sent.twice(),
                            itsInbox,
                            effects.redis(sent.events()),
                            attempts.completed(),
                            attempts.late(),
                            attempts.cut()));
        }
        return new Outcome(kills, brokers);
    }

    /** Kills the process in the middle of its work, and starts it again. */
    private void killAtWork(int number) throws Exception {
        Path journal = journals.get(number);
        long end = System.nanoTime() + LAST_LIMIT.toNanos();
        while (!Files.exists(journal) || Files.size(journal) == 0) {
            requireAlive(number);
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("Consumer " + number + " has nothing to do; what it said is in " + folder);
            }
            running.get(number).waitFor(5, TimeUnit.MILLISECONDS);
        }
        running.get(number).waitFor(random.nextInt(400), TimeUnit.MILLISECONDS);
        requireAlive(number);
        running.get(number).destroyForcibly().waitFor();
        killed.add(journal);
        start(number);
    }

    private void start(int number) throws IOException {
        String run = number + "-" + started++;
        Path journal = folder.resolve("journal-" + run);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DedupeConsumer.class.getName(),
                stage.mark() + "-" + number,
                journal.toString()));
        command.addAll(stage.arguments());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out-" + run).toFile())
                .start();
        if (number < running.size()) {
            running.set(number, process);
            journals.set(number, journal);
        } else {
            running.add(process);
            journals.add(journal);
        }
    }

    private void requireAlive(int number) {
        if (!running.get(number).isAlive()) {
            throw new AssertionError("Consumer " + number + " ended by itself; what it said is in " + folder);
        }
    }

    /** Waits until the brokers hold nothing any more, so that what was delivered twice has come twice. */
    private void awaitHandled(Sender sender, Effects effects) throws Exception {
        Backlog backlog = new Backlog(stage);
        long end = System.nanoTime() + LAST_LIMIT.toNanos();
        while (effects.written() < sender.count() || backlog.kafka() > 0 || backlog.rabbitMq() > 0) {
            for (int number = 0; number < processes; number++) {
                requireAlive(number);
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("After " + LAST_LIMIT + " of " + sender.count() + " events "
                        + effects.written()
                        + " are written, " + backlog.kafka() + " deliveries of Kafka and " + backlog.rabbitMq()
                        + " of RabbitMQ are not settled; what the consumers said is in " + folder + ": " + outputs());
            }
            running.get(0).waitFor(200, TimeUnit.MILLISECONDS);
        }
    }

    private String outputs() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("out-"))
                    .toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.substring(Math.max(0, all.length() - 2_000));
    }
}

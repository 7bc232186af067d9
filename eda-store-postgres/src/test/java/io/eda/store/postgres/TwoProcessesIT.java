package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.store.ExpectedVersion;
import io.eda.store.StoredEvent;
import io.eda.testkit.servers.RealServers;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two JVMs append to the same aggregates, and one is killed in the middle of it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class TwoProcessesIT {

    private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 200;

    private final PostgresOptions options = TestDatabase.freshSchema();

    @Test
    void of_two_jvms_that_append_one_is_killed_and_nothing_acknowledged_is_lost_or_half_there() throws Exception {
        try (PostgresEventStorage storage = PostgresEventStorage.create(TestDatabase.dataSource(), options)) {
            FollowingThread follower = new FollowingThread(storage, 100).start();
            List<UUID> theirs;
            RandomWriters ours = new RandomWriters(storage, TestDatabase.dataSource(), options);
            try {
                ours.start(8, 2);
                theirs = acknowledgedByAProcessThatIsKilled();
            } finally {
                ours.close();
            }
            long last = storage.append(Events.append("end", ExpectedVersion.any(), 1))
                    .lastPosition();
            assertThat(storage.awaitVisible(last, Duration.ofSeconds(30))).isGreaterThanOrEqualTo(last);

            List<StoredEvent<EventRecord>> all = Events.readAll(storage, 0);
            List<UUID> ids =
                    all.stream().map(stored -> stored.event().eventId()).toList();
            assertThat(ours.surprises()).isEmpty();
            assertThat(ids).containsAll(theirs).containsAll(ours.acknowledged()).doesNotHaveDuplicates();
            assertThat(follower.seenUpTo(last)).isEqualTo(all);
            assertThat(versions(all).values()).allSatisfy(found -> assertThat(found)
                    .isEqualTo(LongStream.rangeClosed(1, found.size()).boxed().toList()));
            Set<UUID> stored = Set.copyOf(ids);
            assertThat(ours.attempted()).allSatisfy(attempt -> assertThat(
                            attempt.stream().filter(stored::contains).count())
                    .isIn(0L, (long) attempt.size()));
        }
    }

    private List<UUID> acknowledgedByAProcessThatIsKilled() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        AppendingProcess.class.getName(),
                        RealServers.postgres().jdbcUrl(),
                        options.schema())
                .redirectErrorStream(true);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        List<UUID> acknowledged = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.length() == 36) {
                    acknowledged.add(UUID.fromString(line));
                }
                if (acknowledged.size() == ACKNOWLEDGED_BEFORE_THE_KILL) {
                    // SIGKILL, while appends are under way in its lanes. By its handle, which leaves its output open.
                    process.toHandle().destroyForcibly();
                }
            }
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ACKNOWLEDGED_BEFORE_THE_KILL);
        return acknowledged;
    }

    private static Map<AggregateId, List<Long>> versions(List<StoredEvent<EventRecord>> all) {
        return all.stream()
                .map(StoredEvent::event)
                .collect(Collectors.groupingBy(
                        EventRecord::aggregateId,
                        Collectors.mapping(EventRecord::aggregateVersion, Collectors.toList())));
    }
}

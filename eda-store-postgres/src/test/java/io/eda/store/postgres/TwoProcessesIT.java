package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.store.ExpectedVersion;
import io.eda.store.StoredEvent;
import io.eda.testkit.servers.ChildJvm;
import io.eda.testkit.servers.RealServers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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
        try (ChildJvm process =
                ChildJvm.start(AppendingProcess.class, RealServers.postgres().jdbcUrl(), options.schema())) {
            process.awaitLines(
                    ACKNOWLEDGED_BEFORE_THE_KILL + " ids",
                    lines -> lines.stream().filter(TwoProcessesIT::isId).count() >= ACKNOWLEDGED_BEFORE_THE_KILL);
            // While appends are under way in its lanes.
            process.kill();
            return process.lines().stream()
                    .filter(TwoProcessesIT::isId)
                    .map(UUID::fromString)
                    .toList();
        }
    }

    private static boolean isId(String line) {
        return line.length() == 36;
    }

    private static Map<AggregateId, List<Long>> versions(List<StoredEvent<EventRecord>> all) {
        return all.stream()
                .map(StoredEvent::event)
                .collect(Collectors.groupingBy(
                        EventRecord::aggregateId,
                        Collectors.mapping(EventRecord::aggregateVersion, Collectors.toList())));
    }
}

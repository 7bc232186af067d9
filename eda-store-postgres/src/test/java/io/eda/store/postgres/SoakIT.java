package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.store.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Many writers that do everything at random; {@code -Deda.soakSeconds} makes it longer. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(3_600)
final class SoakIT {

    private static final Logger log = LoggerFactory.getLogger(SoakIT.class);
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("eda.soakSeconds", 8));

    @Test
    void of_32_random_writers_nothing_is_missed_inverted_or_seen_twice() throws Exception {
        PostgresOptions options = TestDatabase.freshSchema();
        PostgresEventStorage own = PostgresEventStorage.create(TestDatabase.dataSource(), options);
        PostgresEventStorage other = PostgresEventStorage.create(TestDatabase.dataSource(), options);
        List<FollowingThread> followers = List.of(
                new FollowingThread(own, 3).start(),
                new FollowingThread(own, 500).start(),
                new FollowingThread(other, 50).start());

        RandomWriters writers = new RandomWriters(own, TestDatabase.dataSource(), options).start(16, 16);
        LockSupport.parkNanos(LENGTH.toNanos());
        writers.close();

        long last = Long.parseLong(TestDatabase.query(
                TestDatabase.dataSource(), "select max(position) from " + options.schema() + ".events"));
        List<List<StoredEvent<EventRecord>>> seen = new ArrayList<>();
        for (FollowingThread follower : followers) {
            seen.add(follower.seenUpTo(last));
        }
        List<StoredEvent<EventRecord>> all = Events.readAll(own, 0);
        assertThat(writers.surprises()).isEmpty();
        assertThat(writers.failures()).isZero();
        assertThat(writers.rawCommits()).isPositive();
        assertThat(all).hasSizeGreaterThan(1_000);
        for (List<StoredEvent<EventRecord>> followed : seen) {
            Counts counts = Counts.of(followed, all);
            log.info("{} events, {} transactions by hand: {}", all.size(), writers.rawCommits(), counts);
            assertThat(counts).isEqualTo(new Counts(0, 0, 0));
        }
        assertThat(all.stream().map(stored -> stored.event().eventId()).toList())
                .containsAll(writers.acknowledged());
    }

    /** What must all be 0. */
    private record Counts(long missed, long inversions, long duplicates) {

        static Counts of(List<StoredEvent<EventRecord>> followed, List<StoredEvent<EventRecord>> all) {
            Set<Long> positions = new HashSet<>();
            long duplicates = 0;
            long inversions = 0;
            long before = 0;
            var versions = new HashMap<AggregateId, Long>();
            for (StoredEvent<EventRecord> stored : followed) {
                duplicates += positions.add(stored.position()) ? 0 : 1;
                long version = stored.event().aggregateVersion();
                Long last = versions.put(stored.event().aggregateId(), version);
                inversions += stored.position() <= before || version != (last == null ? 1 : last + 1) ? 1 : 0;
                before = stored.position();
            }
            long missed = all.stream()
                    .filter(stored -> !positions.contains(stored.position()))
                    .count();
            return new Counts(missed, inversions, duplicates);
        }
    }
}

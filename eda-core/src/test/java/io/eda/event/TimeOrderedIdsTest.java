package io.eda.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TimeOrderedIdsTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123Z");

    @Test
    void of_8_racing_threads_no_two_get_the_same_id() throws Exception {
        TimeOrderedIds ids = new TimeOrderedIds(Clock.fixed(NOON, ZoneOffset.UTC));
        Set<UUID> seen = ConcurrentHashMap.newKeySet();
        CyclicBarrier start = new CyclicBarrier(8);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> racers = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                racers.add(threads.submit(() -> {
                    start.await();
                    for (int i = 0; i < 20_000; i++) {
                        seen.add(ids.get());
                    }
                    return null;
                }));
            }
            for (Future<?> racer : racers) {
                racer.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(seen).hasSize(160_000);
    }

    @Test
    void two_instances_on_one_clock_give_different_ids() {
        Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);

        assertThat(new TimeOrderedIds(clock).get()).isNotEqualTo(new TimeOrderedIds(clock).get());
    }

    @Test
    void a_hundred_thousand_ids_of_one_millisecond_ascend_as_a_database_compares_them() {
        List<UUID> ids = Stream.generate(new TimeOrderedIds(Clock.fixed(NOON, ZoneOffset.UTC)))
                .limit(100_000)
                .toList();

        // As text: the order of the bytes. UUID.compareTo compares signed numbers, which no database does.
        assertThat(ids.stream().map(UUID::toString).toList())
                .isSortedAccordingTo(Comparator.naturalOrder())
                .doesNotHaveDuplicates();
    }

    @Test
    void they_are_uuids_of_version_7_and_the_variant_of_the_rfc() {
        UUID id = new TimeOrderedIds(Clock.systemUTC()).get();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
    }

    @Test
    void their_first_48_bits_are_the_milliseconds_of_the_given_clock() {
        UUID id = new TimeOrderedIds(Clock.fixed(NOON, ZoneOffset.UTC)).get();

        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOON.toEpochMilli());
    }
}

package io.eda.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BackoffTest {

    @Test
    void pauses_that_do_not_grow_are_refused() {
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void each_pause_lies_in_the_upper_three_quarters_of_its_bound() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
        Random random = new Random(7);
        for (int failures = 1; failures < 100; failures++) {
            long bound = failures > 4 ? 1_000 : 100L << (failures - 1);
            assertThat(backoff.after(failures, random))
                    .isBetween(Duration.ofMillis(bound / 4), Duration.ofMillis(bound));
        }
    }

    @Test
    void many_who_failed_together_do_not_come_back_together() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1));
        Random random = new Random(7);
        assertThat(random.ints(100)
                        .mapToObj(i -> backoff.after(1, random))
                        .distinct()
                        .count())
                .isGreaterThan(95);
    }

    @Test
    void any_number_of_failures_stays_within_the_longest_pause() {
        Backoff backoff = new Backoff(Duration.ofDays(10), Duration.ofDays(1_000));
        assertThat(backoff.after(Integer.MAX_VALUE, new Random(7)))
                .isBetween(Duration.ofDays(250), Duration.ofDays(1_000));
    }
}

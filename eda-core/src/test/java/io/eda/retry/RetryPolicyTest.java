package io.eda.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RetryPolicyTest {

    private final Throwable failure = new IllegalStateException("down");

    private final Random random = new Random(7);
    private final RetryPolicy policy = RetryPolicy.defaults().withAttempts(3, 2);

    @Test
    void some_attempts_come_at_once_then_some_after_a_pause_then_none() {
        assertThat(pause(1, Duration.ZERO)).contains(Duration.ZERO);
        assertThat(pause(2, Duration.ZERO)).contains(Duration.ZERO);
        assertThat(pause(3, Duration.ZERO).orElseThrow()).isBetween(Duration.ofMillis(25), Duration.ofMillis(100));
        assertThat(pause(4, Duration.ZERO).orElseThrow()).isBetween(Duration.ofMillis(50), Duration.ofMillis(200));
        assertThat(pause(5, Duration.ZERO)).isEmpty();
        assertThat(policy.attempts()).isEqualTo(5);
    }

    @Test
    void no_attempt_begins_after_the_limit() {
        assertThat(pause(3, Duration.ofMinutes(5))).isEmpty();
        assertThat(pause(1, Duration.ofMinutes(5).plusNanos(1))).isEmpty();
        assertThat(pause(1, Duration.ofMinutes(5))).contains(Duration.ZERO);
    }

    @Test
    void a_failure_that_no_attempt_can_mend_ends_it_also_as_a_cause() {
        RetryPolicy strict = policy.withNonRetryable(IOException.class).withNonRetryable(AssertionError.class);
        assertThat(strict.mayHelp(failure)).isTrue();
        assertThat(strict.mayHelp(new AssertionError())).isFalse();
        Throwable deep = new IllegalStateException(new UncheckedIOException(new IOException("disk")));
        assertThat(strict.mayHelp(deep)).isFalse();
        assertThat(strict.pauseAfter(1, Duration.ZERO, deep, random)).isEmpty();
    }

    @Test
    void a_circle_of_causes_is_no_trap() {
        Throwable first = new IllegalStateException("first");
        Throwable second = new IllegalStateException("second", first);
        first.initCause(second);
        assertThat(policy.mayHelp(first)).isTrue();
    }

    @Test
    void a_policy_without_an_attempt_is_refused() {
        assertThatThrownBy(() -> policy.withAttempts(0, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("make at least 1 attempt");
        assertThatThrownBy(() -> policy.withProbeAfter(0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(RetryPolicy.once().attempts()).isEqualTo(1);
    }

    private Optional<Duration> pause(int failures, Duration since) {
        return policy.pauseAfter(failures, since, failure, random);
    }
}

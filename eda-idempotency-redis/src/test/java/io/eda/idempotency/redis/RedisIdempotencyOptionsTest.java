package io.eda.idempotency.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class RedisIdempotencyOptionsTest {

    private final RedisIdempotencyOptions options = RedisIdempotencyOptions.defaults();

    @Test
    void the_defaults_are_as_documented() {
        assertThat(options)
                .isEqualTo(
                        new RedisIdempotencyOptions("eda:", Duration.ofHours(24), Duration.ofSeconds(2), 10_000, 100));
    }

    @Test
    void each_copy_changes_one_thing() {
        assertThat(options.withKeyPrefix("x:")
                        .withRetention(Duration.ofDays(7))
                        .withCommandTimeout(Duration.ofMillis(500))
                        .withMaxInFlight(7)
                        .withMaxBatch(3))
                .isEqualTo(new RedisIdempotencyOptions("x:", Duration.ofDays(7), Duration.ofMillis(500), 7, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{eda}:", "eda{", "eda}"})
    void a_prefix_that_would_put_a_cluster_on_one_node_is_refused(String prefix) {
        assertThatThrownBy(() -> options.withKeyPrefix(prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'eda:'");
    }

    @Test
    void limits_that_cannot_work_are_refused_with_what_can() {
        assertThatThrownBy(() -> options.withKeyPrefix("x".repeat(101))).hasMessageContaining("1 to 100");
        assertThatThrownBy(() -> options.withRetention(Duration.ZERO)).hasMessageContaining("at least a millisecond");
        assertThatThrownBy(() -> options.withCommandTimeout(Duration.ofMillis(9)))
                .hasMessageContaining("at least 10 ms");
        assertThatThrownBy(() -> options.withMaxInFlight(0)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> options.withMaxBatch(0)).hasMessageContaining("1 to 1 000");
        assertThatThrownBy(() -> options.withMaxBatch(1_001)).hasMessageContaining("1 to 1 000");
    }
}

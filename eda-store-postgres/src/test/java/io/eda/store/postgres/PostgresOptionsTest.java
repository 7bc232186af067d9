package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class PostgresOptionsTest {

    private final PostgresOptions defaults = PostgresOptions.defaults();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1st",
                "a-b",
                "a b",
                "pg_mine",
                "a\"b",
                "a;b",
                "ä",
                "a234567890123456789012345678901234567890123456789012345678901234"
            })
    void a_schema_that_would_need_escaping_is_refused(String schema) {
        assertThatThrownBy(() -> defaults.withSchema(schema))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'eda'");
    }

    @Test
    void limits_that_make_no_sense_are_refused() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> defaults.withDeadlines(Duration.ofMillis(1_500), Duration.ofSeconds(2)))
                .hasMessageContaining("whole seconds");
        assertThatThrownBy(() -> defaults.withDeadlines(Duration.ZERO, second)).hasMessageContaining("at least one");
        assertThatThrownBy(() -> defaults.withDeadlines(Duration.ofSeconds(2), second))
                .hasMessageContaining("shorter than one statement");
        assertThatThrownBy(() -> defaults.withPolls(Duration.ZERO, second)).hasMessageContaining("at least 1 ms");
        assertThatThrownBy(() -> defaults.withPolls(second, Duration.ofMillis(1)))
                .hasMessageContaining("not shorter");
        assertThatThrownBy(() -> defaults.withMaxLimit(0)).hasMessageContaining("at least 1");
    }

    @Test
    void copies_differ_in_what_they_name() {
        assertThat(defaults.withSchema("shop").schema()).isEqualTo("shop");
        assertThat(defaults.withMaxLimit(7).maxLimit()).isEqualTo(7);
        assertThat(defaults.withMaxLimit(7).withMaxLimit(defaults.maxLimit())).isEqualTo(defaults);
    }
}

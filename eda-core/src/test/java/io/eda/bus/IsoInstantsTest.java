package io.eda.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class IsoInstantsTest {

    @Test
    void what_an_instant_writes_is_read_as_it_was() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 100_000; i++) {
            long second = random.nextLong(-62_135_596_800L, 253_402_300_800L);
            int nanos = (int) (random.nextInt(1_000_000_000) / Math.pow(10, random.nextInt(10)));
            Instant instant = Instant.ofEpochSecond(second, nanos);
            assertThat(IsoInstants.parse(instant.toString())).isEqualTo(instant);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-25T20:00:00Z",
                "2026-11-25T20:00:00.1Z",
                "2024-02-29T23:59:59.999999999Z",
                "2026-11-25T24:00:00Z",
                "2026-11-25T23:59:60Z",
                "2026-11-25t20:00:00z",
                "2026-11-25T20:00:00+01:00",
                "-0044-03-15T12:00:00Z",
                "+12026-11-25T20:00:00Z"
            })
    void every_form_means_what_it_means_to_the_library(String text) {
        assertThat(IsoInstants.parse(text)).isEqualTo(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-02-29T20:00:00Z",
                "2026-13-01T20:00:00Z",
                "2026-11-31T20:00:00Z",
                "2026-11-25T25:00:00Z",
                "2026-11-25T20:60:00Z",
                "2026-11-25 20:00:00Z",
                "2026-11-25T20:00:00.1234567890Z",
                "2026-11-25T20:00:00.12x4Z",
                "2026-11-2\u0665T20:00:00Z"
            })
    void what_is_no_point_in_time_is_refused(String text) {
        assertThatThrownBy(() -> IsoInstants.parse(text)).isInstanceOf(DateTimeParseException.class);
    }
}

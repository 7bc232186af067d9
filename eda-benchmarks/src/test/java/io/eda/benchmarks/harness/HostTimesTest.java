package io.eda.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HostTimesTest {

    @Test
    void guests_are_not_counted_twice() {
        assertThat(HostTimes.parse("cpu  100 10 50 800 5 1 4 30 77 7")).contains(new HostTimes(1_000, 30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cpu", "cpu 1 2 3 4 5 6 7", "intr 1 2 3 4 5 6 7 8 9", "cpu0 1 2 3 4 5 6 7 8"})
    void what_is_no_line_of_all_processors_tells_nothing(String line) {
        assertThat(HostTimes.parse(line)).isEmpty();
    }

    @Test
    void the_share_is_that_of_the_time_in_between() {
        HostTimes before = new HostTimes(1_000, 30);
        assertThat(new HostTimes(1_200, 44).stolenPercentSince(before)).isEqualTo(7);
        assertThat(before.stolenPercentSince(before)).isZero();
    }
}

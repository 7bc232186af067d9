package io.eda.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LatenciesTest {

    @Test
    void without_a_latency_there_is_no_percentile() {
        assertThat(new Latencies().percentile(0.5)).isNaN();
    }

    @Test
    void a_part_beyond_the_whole_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Latencies().percentile(99))
                .withMessage("There is no percentile 99.0: use 0.0 to 1.0");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 63, 64, 65, 127, 128, 129, 1_000, 123_456_789, 60_000_000_000L, Long.MAX_VALUE})
    void one_latency_is_every_percentile_of_itself_to_one_percent(long nanos) {
        Latencies latencies = new Latencies();
        latencies.add(nanos);
        assertThat(latencies.percentile(0)).isCloseTo((double) nanos, withinPercentage(1));
        assertThat(latencies.percentile(0.5)).isCloseTo((double) nanos, withinPercentage(1));
        assertThat(latencies.percentile(1)).isCloseTo((double) nanos, withinPercentage(1));
    }

    @Test
    void a_clock_that_went_back_counts_as_no_time() {
        Latencies latencies = new Latencies();
        latencies.add(-5);
        assertThat(latencies.percentile(0.5)).isZero();
    }

    @Test
    void the_hundredth_of_a_hundred_is_beyond_the_99th_percentile() {
        Latencies latencies = new Latencies();
        for (int i = 0; i < 99; i++) {
            latencies.add(10);
        }
        latencies.add(1_000_000);
        assertThat(latencies.percentile(0.99)).isEqualTo(10);
        assertThat(latencies.percentile(0.991)).isCloseTo(1_000_000, withinPercentage(1));
    }

    @Test
    void percentiles_of_many_are_those_of_the_sorted_values_to_one_percent() {
        SplittableRandom random = new SplittableRandom(1);
        double[] values = random.doubles(10_000, 0, 40)
                .map(power -> Math.floor(Math.pow(1.6, power)))
                .toArray();
        Latencies first = new Latencies();
        Latencies second = new Latencies();
        for (int i = 0; i < values.length; i++) {
            (i % 2 == 0 ? first : second).add((long) values[i]);
        }
        first.add(second);
        Arrays.sort(values);
        for (double part : new double[] {0.1, 0.5, 0.9, 0.99, 0.999}) {
            double exact = values[(int) Math.ceil(part * values.length) - 1];
            assertThat(first.percentile(part)).isCloseTo(exact, withinPercentage(1));
        }
    }
}

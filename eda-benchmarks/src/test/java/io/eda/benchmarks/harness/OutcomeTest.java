package io.eda.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OutcomeTest {

    private final Outcome outcome = Samples.outcome(List.of());

    @Test
    void throughput_is_events_by_time() {
        assertThat(outcome.spread("fast", Quantity.EVENTS_PER_SECOND)).isEqualTo(new Spread(4_000, 3_500, 10_000));
    }

    @Test
    void cost_is_by_event() {
        assertThat(outcome.spread("fast", Quantity.CPU_MICROS).median()).isEqualTo(4);
        assertThat(outcome.spread("fast", Quantity.ALLOCATED_BYTES).median()).isEqualTo(100);
    }

    @Test
    void a_ratio_is_that_of_the_medians() {
        assertThat(outcome.ratio("fast", "slow")).isEqualTo(4);
        assertThat(outcome.ratio("slow", "fast")).isEqualTo(0.25);
        assertThat(outcome.ratio("slow", "slow")).isEqualTo(1);
    }

    @Test
    void a_goal_of_at_least_is_reached_at_its_limit_and_short_below() {
        Goal reached = Goal.atLeast(4, "fast", Quantity.EVENTS_PER_SECOND, "slow");
        Goal missed = Goal.atLeast(4.01, "fast", Quantity.EVENTS_PER_SECOND, "slow");
        assertThat(reached.verdict(outcome))
                .isEqualTo("events/s of fast against slow: 4.00×, asked for at least 4.00×: reached");
        assertThat(missed.verdict(outcome)).endsWith("asked for at least 4.01×: short");
    }

    @Test
    void a_goal_of_at_most_is_reached_at_its_limit_and_short_above() {
        Goal reached = Goal.atMost(0.2, "fast", Quantity.P99_MILLIS, "slow");
        Goal missed = Goal.atMost(0.19, "fast", Quantity.P99_MILLIS, "slow");
        assertThat(reached.isMet(outcome)).isTrue();
        assertThat(missed.isMet(outcome)).isFalse();
    }

    @Test
    void a_goal_without_a_reference_is_about_the_figure_itself() {
        assertThat(Goal.atMost(5, "slow", Quantity.P99_MILLIS).verdict(outcome))
                .isEqualTo("p99 ms of slow: 10.00, asked for at most 5.00: short");
    }

    @Test
    void a_goal_for_nobody_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.outcome(List.of(Goal.atMost(5, "absent", Quantity.P99_MILLIS))))
                .withMessage("There is no contender 'absent', there are [slow, fast]");
    }

    @Test
    void a_round_without_an_event_is_no_result() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Samples.measurement("idle", 1, 0, 0, 0))
                .withMessageStartingWith("'idle' handled no event in 2000 ms");
    }
}

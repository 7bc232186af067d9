package io.eda.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ComparisonTest {

    private static final Plan BRIEF =
            new Plan(2, Duration.ofMillis(20), Duration.ofMillis(100), CallerThreads.PLATFORM);

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    @Test
    void rounds_take_the_contenders_in_turn_and_close_each() throws Exception {
        Outcome outcome = compare(Pace.asFastAsPossible(), contender("a", watch -> 1), contender("b", watch -> 1));
        assertThat(log)
                .containsExactly("open a", "close a", "open b", "close b", "open a", "close a", "open b", "close b");
        assertThat(outcome.measurements()).extracting(Measurement::contender).containsExactly("a", "b", "a", "b");
        assertThat(outcome.measurements()).extracting(Measurement::round).containsExactly(1, 1, 2, 2);
    }

    @Test
    void what_a_call_says_that_it_handled_is_counted() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Outcome outcome = compare(Pace.asFastAsPossible(), contender("a", watch -> {
            calls.incrementAndGet();
            LockSupport.parkNanos(1_000_000);
            return 10;
        }));
        long counted =
                outcome.measurements().stream().mapToLong(Measurement::events).sum();
        // The warm-up is not in it.
        assertThat(counted).isPositive().isLessThan(calls.get() * 10L);
        assertThat(counted % 10).isZero();
    }

    @Test
    void an_open_loop_keeps_its_rate_and_counts_the_wait_for_a_free_caller() throws Exception {
        Outcome outcome = compare(Pace.perSecond(500), contender("slow", watch -> {
            // Two callers that need 10 ms each manage 200 of the 500 calls a second: the others wait longer and longer.
            LockSupport.parkNanos(10_000_000);
            return 1;
        }));
        Measurement first = outcome.measurements().get(0);
        assertThat(first.eventsPerSecond()).isLessThan(250);
        assertThat(first.p99Millis()).isGreaterThan(30);
    }

    @Test
    void a_restarted_watch_forgets_what_was_before() throws Exception {
        Outcome outcome = compare(Pace.asFastAsPossible(), contender("a", watch -> {
            LockSupport.parkNanos(5_000_000);
            watch.restart();
            return 1;
        }));
        assertThat(outcome.measurements().get(0).p50Millis()).isLessThan(3);
    }

    @Test
    void a_caller_that_fails_fails_the_comparison_and_is_closed() {
        assertThatThrownBy(() -> compare(Pace.asFastAsPossible(), contender("a", watch -> {
                    throw new IllegalStateException("disk full");
                })))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("disk full");
        assertThat(log).containsExactly("open a", "close a");
    }

    @Test
    void a_quiet_round_is_not_repeated() throws Exception {
        Deque<Measurement> rounds = new ArrayDeque<>(List.of(Samples.measurement("a", 1, 10, 1, 5)));
        assertThat(Comparison.undisturbed(rounds::pop).repeated()).isFalse();
    }

    @Test
    void a_disturbed_round_is_repeated_once_and_the_less_disturbed_counts() throws Exception {
        assertThat(afterRepetition(5.1, 9)).isEqualTo(5.1);
        assertThat(afterRepetition(30, 7)).isEqualTo(7);
    }

    private static double afterRepetition(double first, double second) throws Exception {
        Deque<Measurement> rounds = new ArrayDeque<>(
                List.of(Samples.measurement("a", 1, 10, 1, first), Samples.measurement("a", 1, 20, 1, second)));
        Measurement kept = Comparison.undisturbed(rounds::pop);
        assertThat(rounds).isEmpty();
        assertThat(kept.repeated()).isTrue();
        return kept.used().stolenPercent();
    }

    private Outcome compare(Pace pace, Contender... contenders) throws Exception {
        Scenario scenario = new Scenario("test", pace, List.of(contenders), List.of(), List.of());
        return new Comparison(BRIEF, line -> {}).run(scenario);
    }

    private Contender contender(String name, Operation operation) {
        return new Contender(name, "", 2, () -> {
            log.add("open " + name);
            return new Session() {
                @Override
                public Operation caller(int index) {
                    return operation;
                }

                @Override
                public void close() {
                    log.add("close " + name);
                }
            };
        });
    }
}

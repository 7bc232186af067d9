package io.eda.testkit;

import static io.eda.testkit.AggregateScenario.given;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.aggregate.Aggregate;
import io.eda.aggregate.Evolution;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AggregateScenarioTest {

    private static final Aggregate<Integer, Fact> COUNTER = Aggregate.of(
            "counter",
            0,
            Evolution.<Integer, Fact>over(Fact.class)
                    .on(Added.class, (sum, added) -> sum + added.amount())
                    .build());

    @Test
    void a_decision_that_differs_fails_the_test() {
        assertThatThrownBy(() -> given(COUNTER)
                        .when(new Add(1), AggregateScenarioTest::add)
                        .thenEvents(new Added(2)))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> given(COUNTER)
                        .when(new Add(1), AggregateScenarioTest::add)
                        .thenNothing())
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> given(COUNTER)
                        .when(new Add(1), AggregateScenarioTest::add)
                        .thenState(7))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void an_unexpected_rejection_fails_the_test_with_its_reason() {
        assertThatThrownBy(() -> given(COUNTER)
                        .when(new Add(-1), AggregateScenarioTest::add)
                        .thenNothing())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Only positive amounts");
    }

    @Test
    void an_acceptance_fails_the_test_that_expects_a_rejection() {
        assertThatThrownBy(() -> given(COUNTER)
                        .when(new Add(1), AggregateScenarioTest::add)
                        .thenRejected("positive"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Added");
        assertThatThrownBy(() -> given(COUNTER)
                        .when(new Add(-1), AggregateScenarioTest::add)
                        .thenRejected("too late"))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void the_decision_sees_what_happened_before() {
        given(COUNTER, new Added(3), new Added(4))
                .when(new Add(1), AggregateScenarioTest::add)
                .thenEvents(new Added(1))
                .thenState(8);
        given(COUNTER, new Added(10))
                .when(new Add(1), AggregateScenarioTest::add)
                .thenNothing();
        given(COUNTER).when(new Add(-1), AggregateScenarioTest::add).thenRejected("Only positive amounts");
    }

    private static List<Fact> add(Add command, Integer sum) {
        if (command.amount() < 1) {
            throw new IllegalStateException("Only positive amounts can be added");
        }
        return sum >= 10 ? List.of() : List.of(new Added(command.amount()));
    }

    private record Add(int amount) {}

    private sealed interface Fact {}

    private record Added(int amount) implements Fact {}
}

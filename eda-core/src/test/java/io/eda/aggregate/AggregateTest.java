package io.eda.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.eda.event.AggregateId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AggregateTest {

    record Counted() {}

    private static final Evolution<Integer, Counted> COUNTING = Evolution.<Integer, Counted>over(Counted.class)
            .on(Counted.class, (n, counted) -> n + 1)
            .build();

    @Test
    void a_kind_that_no_aggregate_id_could_have_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Aggregate.of("My Counter", 0, COUNTING))
                .withMessageStartingWith("'My Counter' is not a kind of aggregate");
    }

    @Test
    void an_aggregate_without_an_initial_state_or_evolution_is_refused() {
        assertThatNullPointerException().isThrownBy(() -> Aggregate.of("counter", null, COUNTING));
        assertThatNullPointerException().isThrownBy(() -> Aggregate.of("counter", 0, null));
    }

    @Test
    void an_id_that_no_aggregate_could_have_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Aggregate.of("counter", 0, COUNTING).initial(""))
                .withMessageContaining("The id of a 'counter' aggregate is blank");
    }

    @Test
    void before_its_first_event_it_is_at_version_0_in_its_initial_state() {
        assertThat(Aggregate.of("counter", 0, COUNTING).initial("42"))
                .isEqualTo(new AggregateState<>(AggregateId.of("counter", "42"), 0, 0, 0));
    }
}

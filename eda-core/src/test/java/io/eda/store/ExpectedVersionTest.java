package io.eda.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eda.event.AggregateId;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ExpectedVersionTest {

    private static final AggregateId ORDER = AggregateId.of("order", "42");

    @Test
    void a_negative_version_is_refused_with_what_was_probably_meant() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExpectedVersion.exactly(-1))
                .withMessage("The expected version is -1: write ExpectedVersion.noEvents() for a new aggregate, any()"
                        + " for no condition");
    }

    @Test
    void no_events_is_the_version_0() {
        assertThat(ExpectedVersion.noEvents()).isEqualTo(ExpectedVersion.exactly(0));
        assertThat(ExpectedVersion.any()).isNotEqualTo(ExpectedVersion.noEvents());
    }

    @Test
    void a_conflict_tells_both_versions_and_what_to_do() {
        ConcurrencyConflictException conflict = new ConcurrencyConflictException(ORDER, ExpectedVersion.exactly(7), 9);

        assertThat(conflict)
                .hasMessage("Append to order/42 expected version 7 but it is at version 9. Another writer was first:"
                        + " reload the aggregate and decide again.");
        assertThat(conflict.aggregateId()).isEqualTo(ORDER);
        assertThat(conflict.expectedVersion()).isEqualTo(ExpectedVersion.exactly(7));
        assertThat(conflict.actualVersion()).isEqualTo(9);
    }

    @Test
    void a_conflict_over_a_new_aggregate_speaks_of_no_events() {
        assertThat(new ConcurrencyConflictException(ORDER, ExpectedVersion.noEvents(), 1))
                .hasMessageStartingWith("Append to order/42 expected no events but it is at version 1.");
        assertThat(new ConcurrencyConflictException(ORDER, ExpectedVersion.exactly(3), 0))
                .hasMessageStartingWith("Append to order/42 expected version 3 but it has no events.");
    }

    @Test
    void a_filter_of_no_type_is_refused_because_it_would_mean_all() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventFilter.types(Set.of()))
                .withMessage("A filter of no type would let nothing pass: name a type, or use all()");
        assertThat(EventFilter.all().accepts("order.paid")).isTrue();
        assertThat(EventFilter.types(Set.of("order.paid")).accepts("order.created"))
                .isFalse();
    }
}

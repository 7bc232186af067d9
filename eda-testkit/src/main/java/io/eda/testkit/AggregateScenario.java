package io.eda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.aggregate.Aggregate;
import io.eda.command.CommandHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tests a decision without any framework around it:
 *
 * <pre>{@code
 * given(Order.AGGREGATE, new OrderCreated("ada"), new OrderShipped("dhl"))
 *         .when(new ShipOrder("ups"), Order::ship)
 *         .thenRejected("Only an open order can be shipped");
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param <S> the state of the aggregate
 * @param <E> the events of the aggregate
 */
public final class AggregateScenario<S, E> {

    private final Aggregate<S, E> aggregate;
    private final S state;

    private AggregateScenario(Aggregate<S, E> aggregate, S state) {
        this.aggregate = aggregate;
        this.state = state;
    }

    /** Begins with an aggregate to which {@code history} happened, in this order. */
    @SafeVarargs
    @SuppressWarnings("varargs") // The array is only read.
    public static <S, E> AggregateScenario<S, E> given(Aggregate<S, E> aggregate, E... history) {
        return new AggregateScenario<>(aggregate, evolve(aggregate, aggregate.initialState(), List.of(history)));
    }

    /** Lets {@code handler} decide about {@code command}. */
    public <C> Outcome<S, E> when(C command, CommandHandler<C, S, E> handler) {
        try {
            return new Outcome<>(aggregate, state, List.copyOf(handler.decide(command, state)), null);
        } catch (RuntimeException rejection) {
            return new Outcome<>(aggregate, state, List.of(), rejection);
        }
    }

    private static <S, E> S evolve(Aggregate<S, E> aggregate, S start, List<? extends E> events) {
        S state = start;
        for (E event : events) {
            state = aggregate.evolution().evolve(state, event);
        }
        return state;
    }

    /**
     * What was decided.
     *
     * @param <S> the state of the aggregate
     * @param <E> the events of the aggregate
     */
    public static final class Outcome<S, E> {

        private final Aggregate<S, E> aggregate;
        private final S before;
        private final List<E> events;
        private final @Nullable RuntimeException rejection;

        private Outcome(Aggregate<S, E> aggregate, S before, List<E> events, @Nullable RuntimeException rejection) {
            this.aggregate = aggregate;
            this.before = before;
            this.events = events;
            this.rejection = rejection;
        }

        /** Asserts that exactly these facts follow, in this order. */
        @SafeVarargs
        @SuppressWarnings("varargs") // The array is only read.
        public final Outcome<S, E> thenEvents(E... expected) {
            assertAccepted();
            assertThat(events).as("the events that follow").containsExactly(expected);
            return this;
        }

        /** Asserts that the command was accepted and nothing follows. */
        public Outcome<S, E> thenNothing() {
            assertAccepted();
            assertThat(events).as("the events that follow").isEmpty();
            return this;
        }

        /** Asserts that the events lead to {@code expected}. */
        public Outcome<S, E> thenState(S expected) {
            assertAccepted();
            assertThat(evolve(aggregate, before, events))
                    .as("the state after it")
                    .isEqualTo(expected);
            return this;
        }

        /** Asserts that the command was rejected with a message that contains {@code reason}. */
        public void thenRejected(String reason) {
            assertThat(rejection)
                    .as("the rejection (the events that follow instead: %s)", events)
                    .isNotNull()
                    .hasMessageContaining(reason);
        }

        private void assertAccepted() {
            if (rejection != null) {
                throw new AssertionError("The command was rejected: " + rejection.getMessage(), rejection);
            }
        }
    }
}

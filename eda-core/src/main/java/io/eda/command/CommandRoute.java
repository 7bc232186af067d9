package io.eda.command;

import io.eda.aggregate.Aggregate;
import io.eda.aggregate.AggregateState;
import io.eda.store.EventStore;
import java.util.List;
import java.util.function.Function;

/** Where commands of one class go. */
record CommandRoute<C, S, E>(
        Class<C> commandClass,
        Aggregate<S, E> aggregate,
        Function<C, String> aggregateId,
        CommandHandler<C, S, E> handler) {

    AggregateState<S> initial(Object command) {
        return aggregate.initial(aggregateId.apply(commandClass.cast(command)));
    }

    AggregateState<S> load(EventStore store, Object command) {
        return store.rebuildAggregate(aggregate, aggregateId.apply(commandClass.cast(command)));
    }

    List<? extends E> decide(Object command, S state) {
        return handler.decide(commandClass.cast(command), state);
    }

    S evolve(S state, List<? extends E> events) {
        S next = state;
        for (E event : events) {
            next = aggregate.evolution().evolve(next, event);
        }
        return next;
    }
}

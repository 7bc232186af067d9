package io.eda.command;

import java.util.List;

/**
 * A pure decision: which facts follow from a command, given the state of the aggregate. It may be asked several times for
 * one command, so it has no effect of its own.
 *
 * @param <C> the command, a plain record
 * @param <S> the state of the aggregate
 * @param <E> the events of the aggregate
 */
@FunctionalInterface
public interface CommandHandler<C, S, E> {

    /**
     * Returns the facts that follow, in their order; none where there is nothing to do. Throws any unchecked exception to
     * reject the command; it reaches the caller as it is.
     */
    List<? extends E> decide(C command, S state);
}

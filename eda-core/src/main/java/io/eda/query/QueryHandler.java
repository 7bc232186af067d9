package io.eda.query;

/**
 * Answers questions of one class from a read model. Called from the asking thread, from many at once.
 *
 * @param <Q> the question
 * @param <R> the answer
 */
@FunctionalInterface
public interface QueryHandler<Q extends Query<R>, R> {

    /** Returns the answer; an unchecked exception reaches the asker as it is. */
    R answer(Q query);
}

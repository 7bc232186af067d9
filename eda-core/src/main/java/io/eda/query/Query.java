package io.eda.query;

/**
 * A question, as a plain record: {@code record OrderById(String id) implements Query<Optional<OrderView>>}.
 *
 * @param <R> the type of the answer, which the compiler thereby knows where the question is asked
 */
@SuppressWarnings("unused") // R ties the question to its answer.
public interface Query<R> {}

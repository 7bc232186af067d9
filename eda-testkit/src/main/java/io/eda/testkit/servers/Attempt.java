package io.eda.testkit.servers;

import java.util.function.Supplier;

/** The outcome of looking for a server in one place. */
sealed interface Attempt<S> {

    /** The server is there; {@code server} starts it or connects to it. */
    record Found<S>(Supplier<S> server) implements Attempt<S> {}

    /** It is not there; {@code lookedFor} says what would have been one: {@code EDA_REDIS_URI, which is not set}. */
    record Missing<S>(String lookedFor) implements Attempt<S> {}

    static <S> Attempt<S> found(Supplier<S> server) {
        return new Found<>(server);
    }

    static <S> Attempt<S> missing(String lookedFor) {
        return new Missing<>(lookedFor);
    }
}

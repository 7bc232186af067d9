package io.eda.testkit.servers;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A server that the first caller starts and all later ones get; a start that failed fails for all alike, and once. */
final class Shared<S> {

    private final Supplier<S> starter;
    private @Nullable S server;
    private @Nullable RuntimeException failure;

    Shared(Supplier<S> starter) {
        this.starter = starter;
    }

    synchronized S get() {
        if (failure != null) {
            throw failure;
        }
        if (server == null) {
            try {
                server = starter.get();
            } catch (RuntimeException e) {
                // Remembered: a hundred tests must not each wait a minute for what this machine does not have.
                failure = e;
                throw e;
            }
        }
        return server;
    }
}

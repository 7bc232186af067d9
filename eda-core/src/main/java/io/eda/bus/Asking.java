package io.eda.bus;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** How stores of others are asked. */
final class Asking {

    private Asking() {}

    /** Returns the answer; a store that throws instead of failing its future must not break the lane. */
    static <T> CompletableFuture<T> of(Supplier<CompletableFuture<T>> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}

package io.eda.store.postgres;

import io.eda.store.Append;
import io.eda.store.AppendResult;
import java.util.concurrent.CompletableFuture;

/**
 * An append that was accepted and waits for its answer.
 *
 * @param append what is asked for
 * @param bytes the size of its data
 * @param deadline when its caller stops waiting, in {@code System.nanoTime()}
 * @param answer where the answer goes, exactly once
 */
record PendingAppend(Append append, long bytes, long deadline, CompletableFuture<AppendResult> answer) {

    static PendingAppend of(Append append, long deadline) {
        return new PendingAppend(append, append.bytes(), deadline, new CompletableFuture<>());
    }

    boolean isOver() {
        return System.nanoTime() - deadline >= 0;
    }
}

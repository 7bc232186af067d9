package io.eda.idempotency.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What a consumer says about its effects, a line each; what was said survives kill -9, because it is the system's then. */
final class Journal implements AutoCloseable {

    static final String BEGUN = "begun";
    static final String COMPLETED = "completed";
    static final String LATE = "late";

    private final FileChannel file;

    private Journal(FileChannel file) {
        this.file = file;
    }

    static Journal append(Path path) throws IOException {
        return new Journal(
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
    }

    void say(String what, UUID eventId) {
        try {
            file.write(ByteBuffer.wrap((what + " " + eventId + "\n").getBytes(UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same store, whose completions are told here; {@code handled} gets each event that needs no handling any more. */
    IdempotencyStore over(IdempotencyStore store, Consumer<UUID> handled) {
        return new IdempotencyStore() {
            @Override
            public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
                return store.claim(key, token, lease).thenApply(claim -> {
                    if (claim instanceof Claim.Completed) {
                        handled.accept(key.eventId());
                    }
                    return claim;
                });
            }

            @Override
            public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
                return store.complete(key, token).thenApply(isHeld -> {
                    say(isHeld ? COMPLETED : LATE, key.eventId());
                    handled.accept(key.eventId());
                    return isHeld;
                });
            }

            @Override
            public CompletableFuture<Boolean> renew(IdempotencyKey key, String token, Duration lease) {
                return store.renew(key, token, lease);
            }

            @Override
            public CompletableFuture<Boolean> release(IdempotencyKey key, String token) {
                return store.release(key, token);
            }
        };
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

package io.eda.samples.dedupe;

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
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one process says about its attempts, a line each; what was said survives kill -9, because it is the system's then. An attempt is
 * known by the token of its claim.
 */
final class Journal implements AutoCloseable {

    static final String BEGUN = "begun";
    static final String COMPLETED = "completed";
    static final String LATE = "late";

    private final FileChannel file;
    private final Map<UUID, String> held = new ConcurrentHashMap<>();

    private Journal(FileChannel file) {
        this.file = file;
    }

    static Journal create(Path path) throws IOException {
        return new Journal(FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
    }

    /** Says that the effect of {@code event} is about to happen, and returns the attempt that it belongs to. */
    String begin(UUID event) {
        String attempt = held.get(event);
        if (attempt == null) {
            throw new IllegalStateException(event + " is handled without a claim");
        }
        say(BEGUN, attempt);
        return attempt;
    }

    private void say(String what, String attempt) {
        try {
            file.write(ByteBuffer.wrap((what + " " + attempt + "\n").getBytes(UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same store, whose grants are known and whose completions are told here. */
    IdempotencyStore over(IdempotencyStore store) {
        return new IdempotencyStore() {
            @Override
            public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
                return store.claim(key, token, lease).thenApply(claim -> {
                    if (claim instanceof Claim.Granted) {
                        held.put(key.eventId(), token);
                    }
                    return claim;
                });
            }

            @Override
            public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
                return store.complete(key, token).thenApply(isHeld -> {
                    say(isHeld ? COMPLETED : LATE, token);
                    held.remove(key.eventId(), token);
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

package io.eda.testkit.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import io.eda.testkit.ServerFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Timeout;

/** What the cases of all groups are written with. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
abstract class IdempotencyCases {

    static final Duration RETENTION = Duration.ofHours(1);
    static final Duration LEASE = Duration.ofMinutes(2);

    private final IdempotencyStoreContract suite;
    private final List<IdempotencyStore> opened = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // open() sets it before every test.
    private IdempotencyStore store;

    IdempotencyCases(IdempotencyStoreContract suite) {
        this.suite = suite;
    }

    @BeforeEach
    final void open() throws Exception {
        store = another(RETENTION);
    }

    @AfterEach
    final void closeStores() throws Exception {
        for (IdempotencyStore each : opened) {
            if (each instanceof AutoCloseable closeable) {
                closeable.close();
            }
        }
    }

    final IdempotencyStore store() {
        return store;
    }

    final IdempotencyStore another(Duration retention) throws Exception {
        IdempotencyStore another = suite.openStore(retention);
        opened.add(another);
        return another;
    }

    final IdempotencyStoreContract suite() {
        return suite;
    }

    final boolean isAlone() {
        return suite.isAlone();
    }

    final ServerFaults faults() {
        return suite.faults();
    }

    final void requires(ServerFaults.Fault... needed) {
        suite.switchedOff().unlessGiven(faults(), needed);
    }

    final Duration patience() {
        return suite.patience();
    }

    final Optional<Duration> timeToLive(IdempotencyKey key) throws Exception {
        if (!suite.tellsTimeToLive()) {
            throw suite.switchedOff().because("the adapter's test cannot tell the time to live of a key");
        }
        return suite.timeToLive(key);
    }

    /** Returns a key that nobody else uses. */
    static IdempotencyKey key(String group) {
        return new IdempotencyKey(group, UUID.randomUUID());
    }

    final Claim claim(IdempotencyKey key, String token) throws Exception {
        return claim(key, token, LEASE);
    }

    final Claim claim(IdempotencyKey key, String token, Duration lease) throws Exception {
        return answer(store.claim(key, token, lease));
    }

    final <T> T answer(CompletableFuture<T> future) throws Exception {
        return future.get(patience().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Claims until it is granted; until then, the answer is that another one is at it. */
    final void awaitGranted(IdempotencyKey key, String token) {
        Awaitility.await("the lease is over, and '" + token + "' is granted")
                .atMost(patience())
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    Claim claim = claim(key, token);
                    assertThat(claim).isNotInstanceOf(Claim.Completed.class);
                    return claim.equals(new Claim.Granted(token));
                });
    }
}

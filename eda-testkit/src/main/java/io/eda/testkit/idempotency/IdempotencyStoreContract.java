package io.eda.testkit.idempotency;

import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import io.eda.testkit.ServerFaults;
import io.eda.testkit.SwitchedOff;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Proves the promises of {@link IdempotencyStore} for one implementation. An adapter says how to open a store, and how its
 * server can be hurt; each case uses keys that nobody else uses, so one server serves all.
 *
 * <p>A case runs, or it is switched off by a declaration of the adapter, and the report says why. Every group is a nested class
 * with a tag: {@code claiming}, {@code expiring}, {@code failing}.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
public abstract class IdempotencyStoreContract {

    private final SwitchedOff switchedOff = new SwitchedOff();

    /** For subclasses. */
    protected IdempotencyStoreContract() {}

    /**
     * Opens one more store over the same memory, which remembers completions for {@code retention}, as another process would.
     * The suite closes it if it is {@link AutoCloseable}.
     */
    protected abstract IdempotencyStore openStore(Duration retention) throws Exception;

    /** Declares how the server is hurt. */
    protected abstract ServerFaults faults();

    /** Declares that a second store would not meet the first, because the memory is the store's own. */
    protected boolean isAlone() {
        return false;
    }

    /** Declares that what was answered survives a kill of the server. */
    protected boolean isDurable() {
        return false;
    }

    /** Declares by when every future completes while the server is away or frozen. 10 seconds. */
    protected Duration deadline() {
        return Duration.ofSeconds(10);
    }

    /** Declares whether {@link #timeToLive} can tell. */
    protected boolean tellsTimeToLive() {
        return false;
    }

    /**
     * Tells how long the server will keep what it knows about {@code key}: nothing where it knows nothing about the key, zero or
     * less where it would keep it for ever.
     */
    protected Optional<Duration> timeToLive(IdempotencyKey key) throws Exception {
        throw new UnsupportedOperationException("Declare tellsTimeToLive() only with an answer here, for " + key);
    }

    /** Returns how long a case waits for what must happen before it fails. 30 seconds, because machines are busy. */
    protected Duration patience() {
        return Duration.ofSeconds(30);
    }

    final SwitchedOff switchedOff() {
        return switchedOff;
    }

    @AfterAll
    final void report() {
        switchedOff.report(getClass());
    }

    @Nested
    @Order(1)
    @Tag("claiming")
    final class Claiming extends ClaimContract {
        Claiming() {
            super(IdempotencyStoreContract.this);
        }
    }

    @Nested
    @Order(2)
    @Tag("expiring")
    final class Expiring extends LeaseContract {
        Expiring() {
            super(IdempotencyStoreContract.this);
        }
    }

    // The last, because it leaves a server behind that was hurt.
    @Nested
    @Order(3)
    @Tag("failing")
    final class Failing extends StoreFaultContract {
        Failing() {
            super(IdempotencyStoreContract.this);
        }
    }
}

package io.eda.testkit.transport;

import io.eda.testkit.ServerFaults;
import io.eda.testkit.SwitchedOff;
import io.eda.transport.EventTransport;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Proves the promises of {@link EventTransport} for one adapter, on the bytes that really arrive.
 *
 * <ul>
 *   <li>An adapter extends it, opens connections, and declares how its broker can be hurt.
 *   <li>One instance, one server and one shared connection serve all cases; each case uses groups, types and keys that
 *       nobody else uses, so leftovers of one are never seen by another.
 *   <li>A case runs, or it is switched off by a capability that the transport does not declare or by a hook that {@link
 *       #faults} does not give. What is switched off is reported with its reason; nothing else is.
 *   <li>Every group is a nested class with a tag: {@code mvn verify -Dit.test=MyTransportIT -Dgroups=settling} runs one alone.
 * </ul>
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
public abstract class EventTransportContract {

    private final SwitchedOff switchedOff = new SwitchedOff();
    private final List<String> topics = List.of(freshName("orders"), freshName("payments"));
    private @Nullable EventTransport shared;

    /** For subclasses. */
    protected EventTransportContract() {}

    /**
     * Opens one more connection to the broker under test, as another process would; the suite closes it. The first one is
     * shared by most cases. Where {@link #isAlone} is declared, each has a broker of its own.
     */
    protected abstract EventTransport openTransport() throws Exception;

    /**
     * Opens one that declares {@link io.eda.transport.Capability#TRANSACTIONS}, where that needs other options. The same as the others by
     * default.
     */
    protected EventTransport openTransactional() throws Exception {
        return openTransport();
    }

    /** Declares how the broker is hurt. */
    protected abstract ServerFaults faults();

    /** Declares that a second connection would not meet the first, because the broker lives in the transport. */
    protected boolean isAlone() {
        return false;
    }

    /**
     * Declares whether what is unsettled comes again as soon as its connection is lost. Not so where a membership outlives a
     * connection: there a settlement from before still counts. True by default.
     */
    protected boolean losesDeliveriesWithTheConnection() {
        return true;
    }

    /** Declares by when every publish future completes, as the transports that are opened are configured. 30 seconds. */
    protected Duration publishDeadline() {
        return Duration.ofSeconds(30);
    }

    /** Declares the largest body, in bytes, that the broker takes; a larger one is refused for ever. No limit by default. */
    protected OptionalInt largestBody() {
        return OptionalInt.empty();
    }

    /**
     * Declares that the broker cannot tell the close of a member from its death, and so counts it as an attempt of whatever the
     * member held.
     */
    protected boolean countsCloses() {
        return false;
    }

    /** Returns the two topics that the cases use, for brokers on which they must exist before. Fresh names by default. */
    protected List<String> topics() {
        return topics;
    }

    /** Declares whether {@link #publishForeign} can. */
    protected boolean publishesForeign() {
        return false;
    }

    /**
     * Publishes bytes to where messages of {@code topic} and {@code type} go, without the id, the key and the headers that the
     * adapter writes, with the broker's own client: what a stranger could do.
     */
    protected void publishForeign(String topic, String type, byte[] body) throws Exception {
        throw new UnsupportedOperationException("Declare publishesForeign() only with a way to do it here");
    }

    /**
     * Tells how many messages the broker holds for {@code group}: waiting, or delivered and not settled. Nothing, which switches
     * the cases off, where the adapter's test cannot ask.
     */
    protected OptionalLong depth(String group) throws Exception {
        return OptionalLong.empty();
    }

    /** Returns how long a case waits for what must happen before it fails. 30 seconds, because machines are busy. */
    protected Duration patience() {
        return Duration.ofSeconds(30);
    }

    /** Returns how long a case watches that something does not happen. 200 milliseconds. */
    protected Duration quiet() {
        return Duration.ofMillis(200);
    }

    /** Returns a name that nobody else uses, fit for topics, groups and types. */
    static String freshName(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(24);
    }

    final synchronized EventTransport shared() throws Exception {
        if (shared == null) {
            shared = openTransport();
        }
        return shared;
    }

    final SwitchedOff switchedOff() {
        return switchedOff;
    }

    @AfterAll
    final void closeAndReport() {
        if (shared != null) {
            shared.close();
        }
        switchedOff.report(getClass());
    }

    @Nested
    @Order(1)
    @Tag("publishing")
    final class Publishing extends PublishContract {
        Publishing() {
            super(EventTransportContract.this);
        }
    }

    @Nested
    @Order(2)
    @Tag("grouping")
    final class Grouping extends GroupContract {
        Grouping() {
            super(EventTransportContract.this);
        }
    }

    @Nested
    @Order(3)
    @Tag("settling")
    final class Settling extends SettleContract {
        Settling() {
            super(EventTransportContract.this);
        }
    }

    @Nested
    @Order(4)
    @Tag("ordering")
    final class Ordering extends OrderContract {
        Ordering() {
            super(EventTransportContract.this);
        }
    }

    @Nested
    @Order(5)
    @Tag("flowing")
    final class Flowing extends FlowContract {
        Flowing() {
            super(EventTransportContract.this);
        }
    }

    @Nested
    @Order(6)
    @Tag("dead-letters")
    final class DeadLetters extends DeadLetterQueueContract {
        DeadLetters() {
            super(EventTransportContract.this);
        }
    }

    @Nested
    @Order(7)
    @Tag("living")
    final class Living extends LifecycleContract {
        Living() {
            super(EventTransportContract.this);
        }
    }

    @Nested
    @Order(8)
    @Tag("transactions")
    final class Transactions extends TransactionContract {
        Transactions() {
            super(EventTransportContract.this);
        }
    }

    // The last, because it leaves a broker behind that was hurt.
    @Nested
    @Order(9)
    @Tag("failing")
    final class Failing extends FaultContract {
        Failing() {
            super(EventTransportContract.this);
        }
    }
}

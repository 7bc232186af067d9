package io.eda.broker.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.eda.broker.rabbitmq.PendingPublish.Destination;
import io.eda.transport.Capability;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on RabbitMQ 3.10 or newer, in quorum queues.
 *
 * <ol>
 *   <li><b>Confirmed</b> means: in the quorum queue of every group that wants it, on the disks of a majority of its nodes. It
 *       survives restarts and kills.
 *   <li><b>Order by key</b>: with partitions, over all members of a group; without, within one member: several members of
 *       one group each get a part of every key's messages. See {@link RabbitMqTopology#partitions()}.
 *   <li><b>Attempts</b> are counted by the broker, over members and restarts. Before 4.3 it counts the end of a member's
 *       channel too, for everything that the member held.
 *   <li><b>A group's messages wait from its first member on</b>; what was published before is not for it.
 * </ol>
 *
 * <p>Publishing and receiving have a connection each, which the transport opens, watches and opens again. It holds two threads
 * beside the client's own for each, one for each channel that publishes, and one for each receiver. A callback of a publish
 * future must not wait for another publish future. Thread-safe.
 */
public final class RabbitMqTransport implements EventTransport {

    private static final Logger log = LoggerFactory.getLogger(RabbitMqTransport.class);

    private final RabbitMqOptions options;
    private final Topology topology;
    private final BrokerConnection publishing;
    private final BrokerConnection consuming;
    private final Publisher publisher;
    private final Set<GroupReceiver> receivers = ConcurrentHashMap.newKeySet();
    private final Map<String, RabbitDeadLetters> letters = new ConcurrentHashMap<>();
    private boolean isClosed;

    private RabbitMqTransport(RabbitMqOptions options) {
        this.options = options;
        Bursts bursts = new Bursts();
        Connector connector = new Connector(options, bursts);
        this.topology = new Topology(options.topology(), connector);
        this.publishing = new BrokerConnection("publish", options, connector);
        this.consuming = new BrokerConnection("consume", options, connector);
        this.publisher = new Publisher(options, publishing, topology, bursts);
        consuming.onChange(() -> receivers.forEach(GroupReceiver::connectionChanged));
    }

    /**
     * Connects, and declares the exchange. Where no broker answers, a transport is returned all the same, which goes on trying:
     * what is published meanwhile waits until its deadline.
     *
     * @throws RabbitMqRefusedException if the broker refuses the credentials, the virtual host, or the exchange
     */
    public static RabbitMqTransport connect(RabbitMqOptions options) {
        RabbitMqTransport transport = new RabbitMqTransport(options);
        try {
            transport.start();
            return transport;
        } catch (RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    private void start() {
        publisher.start();
        publishing.start();
        publishing.awaitFirstAttempt(options.deadline());
        publishing.refusal().ifPresent(refusal -> {
            throw refusal;
        });
        Optional<Connection> open = publishing.current();
        try {
            if (open.isPresent()) {
                topology.declareExchange(open.get());
            }
        } catch (IOException | ShutdownSignalException e) {
            // Lost already; whoever publishes first declares it.
            String exchange = options.topology().exchange();
            log.atWarn()
                    .addKeyValue("exchange", exchange)
                    .setCause(e)
                    .log("The exchange '{}' is not declared yet", exchange);
        }
    }

    @Override
    public Set<Capability> capabilities() {
        EnumSet<Capability> all =
                EnumSet.of(Capability.DURABLE, Capability.COUNTS_ATTEMPTS, Capability.UNORDERED_GROUPS);
        if (options.publishing().unroutable() == RabbitMqPublishing.Unroutable.FAILS) {
            all.add(Capability.REPORTS_UNROUTABLE);
        }
        if (options.topology().partitions() > 0) {
            all.add(Capability.ORDER_OVER_MEMBERS);
        }
        return all;
    }

    @Override
    public List<CompletableFuture<Void>> publish(List<Message> messages) {
        boolean mayBeDropped = options.publishing().unroutable() == RabbitMqPublishing.Unroutable.IS_DROPPED;
        return publisher.publish(
                messages, message -> new Destination(options.topology().exchange(), message.type(), mayBeDropped));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Declares the group's queues before it returns, where the broker answers; otherwise as soon as it does.
     *
     * @throws RabbitMqRefusedException if something else stands under the names of the group
     */
    @Override
    public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
        requireSameTypes(request);
        GroupReceiver receiver =
                new GroupReceiver(request, onDeliveries, options, consuming, topology, receivers::remove);
        synchronized (this) {
            if (isClosed) {
                receiver.close();
                throw new IllegalStateException(
                        "The group '" + request.group() + "' cannot receive: the transport is closed");
            }
            receivers.add(receiver);
        }
        try {
            declare(receiver);
            receiver.start();
            return receiver;
        } catch (RuntimeException e) {
            receiver.close();
            throw e;
        }
    }

    private void requireSameTypes(ReceiveRequest request) {
        for (GroupReceiver member : receivers) {
            ReceiveRequest known = member.request();
            if (known.group().equals(request.group()) && !known.types().equals(request.types())) {
                throw new IllegalArgumentException("A member of the group '" + request.group() + "' wants "
                        + request.types() + ", but the group receives " + known.types()
                        + ": members share the work, so they want the same; use another group for other events");
            }
        }
    }

    private void declare(GroupReceiver receiver) {
        consuming.start();
        consuming.awaitFirstAttempt(options.deadline());
        Optional<Connection> open = consuming.current();
        if (open.isEmpty()) {
            return;
        }
        try {
            receiver.declare(open.get());
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            String group = receiver.request().group();
            log.atWarn()
                    .addKeyValue("group", group)
                    .setCause(e)
                    .log("The queues of '{}' are not declared yet; trying again", group);
        }
    }

    @Override
    public DeadLetterQueue deadLetters(String group) {
        return letters.computeIfAbsent(
                group, name -> new RabbitDeadLetters(name, options, consuming, topology, publisher));
    }

    /** Closes all receivers, waits for confirms up to the close timeout, fails what is open then, and disconnects. */
    @Override
    public void close() {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
        }
        List.copyOf(receivers).forEach(GroupReceiver::close);
        publisher.close();
        // Together: a silent broker costs the time of one goodbye.
        Thread other = Threads.daemon("eda-rabbitmq-close", consuming::close);
        other.start();
        publishing.close();
        Threads.join(other, options.closeTimeout().multipliedBy(3));
        publisher.awaitEnd();
    }
}

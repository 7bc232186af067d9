package io.eda.broker.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Envelope;
import io.eda.transport.Delivery;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.ReceiverStatus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member of a group: a consumer for each of its queues, and one thread that keeps them. Thread-safe. */
final class GroupReceiver implements Receiver {

    private static final Logger log = LoggerFactory.getLogger(GroupReceiver.class);

    private static final long LOOK_SECONDS = 2;
    private static final int MAX_PREFETCH = 65_535;
    private static final int MAX_STRAYS = 100;

    private final ReceiveRequest request;
    private final RabbitMqOptions options;
    private final BrokerConnection connection;
    private final Topology topology;
    private final Consumer<GroupReceiver> onClose;

    private final ScheduledThreadPoolExecutor keeper;
    private final Dispatch dispatch;
    private final List<QueueConsumer> consumers;
    private final Optional<Membership> membership;
    private final Set<String> strays = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Connection declaredOver;
    private volatile boolean isClosed;

    GroupReceiver(
            ReceiveRequest request,
            Consumer<List<Delivery>> onDeliveries,
            RabbitMqOptions options,
            BrokerConnection connection,
            Topology topology,
            Consumer<GroupReceiver> onClose) {
        this.request = request;
        this.options = options;
        this.connection = connection;
        this.topology = topology;
        this.onClose = onClose;
        this.keeper = Threads.timer("eda-rabbitmq-" + request.group());
        this.dispatch = new Dispatch(request.maxInFlight(), request.isOrdered(), onDeliveries);
        this.consumers = topology.queues(request).stream()
                .map(queue -> new QueueConsumer(this, queue, options))
                .toList();
        this.membership = isPartitioned()
                ? Optional.of(new Membership(topology.names().members(request.group()), connection, consumers))
                : Optional.empty();
    }

    void start() {
        onKeeper(this::ensureSubscribed);
        var unused = keeper.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        membership.ifPresent(members -> {
            var unusedToo = keeper.scheduleWithFixedDelay(
                    members::balance, Membership.PERIOD_MILLIS, Membership.PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    void connectionChanged() {
        onKeeper(this::ensureSubscribed);
    }

    private void ensureSubscribed() {
        consumers.forEach(QueueConsumer::ensureSubscribed);
    }

    private void look() {
        consumers.forEach(QueueConsumer::refreshLag);
        // Whatever else has been missed.
        ensureSubscribed();
    }

    ScheduledExecutorService keeper() {
        return keeper;
    }

    Dispatch dispatch() {
        return dispatch;
    }

    BrokerConnection connection() {
        return connection;
    }

    boolean isClosed() {
        return isClosed;
    }

    boolean isPartitioned() {
        return topology.isPartitioned(request);
    }

    int prefetch() {
        return Math.min(request.maxInFlight(), MAX_PREFETCH);
    }

    ReceiveRequest request() {
        return request;
    }

    /** Declares all that the group needs, once over each connection, and again after something was lost. */
    void declare(Connection open) throws IOException, TimeoutException {
        if (declaredOver != open) {
            topology.declareGroup(open, request);
            declaredOver = open;
        }
    }

    /** A queue was lost: whatever was declared may be gone with it. */
    void doubtDeclared() {
        declaredOver = null;
    }

    /** The routing key is the type, as its publisher says; what was redelivered to the group alone comes by its queue's name. */
    Optional<String> strayType(Envelope envelope) {
        String type = envelope.getRoutingKey();
        boolean isWanted = !envelope.getExchange().equals(topology.names().exchange()) || request.wants(type);
        return isWanted ? Optional.empty() : Optional.of(type);
    }

    void tellStray(String queue, String type) {
        if (strays.size() < MAX_STRAYS && strays.add(type)) {
            log.atWarn()
                    .addKeyValue("group", request.group())
                    .addKeyValue("queue", queue)
                    .addKeyValue("eventType", type)
                    .log(
                            "The queue '{}' gets '{}', which the group '{}' does not want: somebody has bound it. Such messages"
                                    + " go to the group's dead letters. Unbind '{}' from the exchange '{}'.",
                            queue,
                            type,
                            request.group(),
                            type,
                            topology.names().exchange());
        }
    }

    @Override
    public void pause() {
        dispatch.pause();
    }

    @Override
    public void resume() {
        dispatch.resume();
    }

    @Override
    public ReceiverStatus status() {
        boolean isReceiving = !isClosed && consumers.stream().allMatch(QueueConsumer::isSubscribed);
        Optional<Throwable> failure = isReceiving || isClosed
                ? Optional.empty()
                : connection.failure().or(() -> consumers.stream()
                        .flatMap(consumer -> consumer.failure().stream())
                        .findFirst());
        OptionalLong lag = consumers.stream().map(QueueConsumer::lag).reduce(OptionalLong.of(0), GroupReceiver::sum);
        return new ReceiverStatus(isReceiving, failure, lag);
    }

    private static OptionalLong sum(OptionalLong a, OptionalLong b) {
        return a.isPresent() && b.isPresent() ? OptionalLong.of(a.getAsLong() + b.getAsLong()) : OptionalLong.empty();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
        }
        dispatch.close();
        onClose.accept(this);
        onKeeper(() -> {
            consumers.forEach(QueueConsumer::close);
            membership.ifPresent(Membership::close);
        });
        keeper.shutdown();
        try {
            // A broker that is silent would hold up its goodbye; the connection's end then ends this too.
            boolean unused = keeper.awaitTermination(options.closeTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void onKeeper(Runnable task) {
        try {
            keeper.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("'{}' is closed", request.group());
        }
    }
}

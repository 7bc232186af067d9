package io.eda.broker.rabbitmq;

import io.eda.broker.rabbitmq.PendingPublish.Destination;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import io.eda.transport.PublishException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Takes messages in, gives them to the lane of their key, and sees to their deadlines. Thread-safe. */
final class Publisher {

    private static final long TICK_MILLIS = 50;

    private final RabbitMqOptions options;
    private final BrokerConnection connection;
    private final PublishLimits limits;
    private final ExecutorService answering = Executors.newSingleThreadExecutor(Threads.named("eda-rabbitmq-answers"));
    private final ScheduledExecutorService clock = Threads.timer("eda-rabbitmq-deadlines");
    private final List<PublishLane> lanes;
    private volatile boolean isClosed;

    Publisher(RabbitMqOptions options, BrokerConnection connection, Topology topology, Bursts bursts) {
        this.options = options;
        this.connection = connection;
        this.limits = new PublishLimits(options.publishing());
        PublishAnswers answers = new PublishAnswers(answering, limits);
        this.lanes = IntStream.range(0, options.publishing().channels())
                .mapToObj(i -> new PublishLane(i, connection, topology, options, answers, bursts))
                .toList();
    }

    void start() {
        lanes.forEach(PublishLane::start);
        var unused = clock.scheduleWithFixedDelay(
                () -> lanes.forEach(PublishLane::expire), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    List<CompletableFuture<Void>> publish(List<Message> messages, Function<Message, Destination> destinations) {
        List<CompletableFuture<Void>> futures = new ArrayList<>(messages.size());
        List<List<PendingPublish>> perLane = new ArrayList<>();
        lanes.forEach(lane -> perLane.add(new ArrayList<>()));
        long deadline = System.nanoTime() + options.deadline().toNanos();
        boolean isFull = false;
        for (Message message : messages) {
            // What follows one that found no room finds none either: let in, it would overtake it.
            Optional<PublishException> refusal = isFull ? Optional.of(noRoom(message)) : refusal(message);
            if (refusal.isPresent()) {
                futures.add(CompletableFuture.failedFuture(refusal.get()));
                continue;
            }
            PendingPublish publish =
                    new PendingPublish(message, destinations.apply(message), Wire.properties(message), deadline);
            if (limits.admit(publish.size)) {
                perLane.get(Math.floorMod(publish.key.hashCode(), lanes.size())).add(publish);
                futures.add(publish.future);
            } else {
                isFull = true;
                futures.add(CompletableFuture.failedFuture(noRoom(message)));
            }
        }
        for (int i = 0; i < lanes.size(); i++) {
            if (!perLane.get(i).isEmpty()) {
                lanes.get(i).offer(perLane.get(i));
            }
        }
        return futures;
    }

    private PublishException noRoom(Message message) {
        return failure(Reason.NOT_ACCEPTED, message, limits.full());
    }

    private Optional<PublishException> refusal(Message message) {
        if (isClosed) {
            return Optional.of(failure(Reason.NOT_ACCEPTED, message, "the transport is closed"));
        }
        if (message.body().length > options.publishing().maxMessageBytes()) {
            return Optional.of(
                    failure(
                            Reason.TOO_LARGE,
                            message,
                            "the largest that is allowed is "
                                    + options.publishing().maxMessageBytes()
                                    + " bytes. Send a reference instead, or raise maxMessageBytes, and the broker's max_message_size"));
        }
        return Wire.unfit(message)
                .map(why -> failure(Reason.REFUSED, message, why))
                .or(() -> connection
                        .refusal()
                        .map(refused -> failure(Reason.REFUSED, message, String.valueOf(refused.getMessage()))));
    }

    private static PublishException failure(Reason reason, Message message, String why) {
        return new PublishException(reason, "The message " + message + " was not published: " + why);
    }

    /** Takes no more, waits for what is on its way, and fails the rest. */
    void close() {
        isClosed = true;
        awaitIdle();
        lanes.forEach(PublishLane::close);
    }

    /** When the connection has ended, nothing holds the writers any more. */
    void awaitEnd() {
        lanes.forEach(PublishLane::awaitEnd);
        clock.shutdownNow();
        answering.shutdown();
        try {
            boolean unused = answering.awaitTermination(options.closeTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitIdle() {
        long end = System.nanoTime() + options.closeTimeout().toNanos();
        try {
            while (!lanes.stream().allMatch(PublishLane::isIdle) && System.nanoTime() - end < 0) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.eda.broker.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DeliverCallback;
import com.rabbitmq.client.ShutdownSignalException;
import io.eda.broker.rabbitmq.PendingPublish.Destination;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue of dead letters of one group. Looking takes the letters out and, by closing the channel, puts them back in their order:
 * meanwhile another process that looks finds fewer.
 */
final class RabbitDeadLetters implements DeadLetterQueue {

    private static final int MAX_PREFETCH = 65_535;
    private static final Duration RETURN_LIMIT = Duration.ofSeconds(1);

    private final String group;
    private final RabbitMqOptions options;
    private final BrokerConnection connection;
    private final Topology topology;
    private final Publisher publisher;
    private final ReentrantLock looking = new ReentrantLock();
    private final ReentrantLock declaring = new ReentrantLock();

    RabbitDeadLetters(
            String group,
            RabbitMqOptions options,
            BrokerConnection connection,
            Topology topology,
            Publisher publisher) {
        this.group = group;
        this.options = options;
        this.connection = connection;
        this.topology = topology;
        this.publisher = publisher;
    }

    @Override
    public CompletableFuture<Void> add(Message letter) {
        Destination queue = new Destination("", queue(), false);
        return sendOr(letter, queue, () -> {
            declare();
            return queue;
        });
    }

    /**
     * The group has never had a member here, so its dead letters have no queue yet, or one that is being made: then it is found, and
     * takes nothing. Who declares it second waits until it is ready.
     */
    private void declare() throws IOException {
        declaring.lock();
        try {
            topology.declareDeadLetters(open(), group);
        } finally {
            declaring.unlock();
        }
    }

    /** Sends to {@code first}, and where that is not there, or not ready, to what {@code second} then finds or makes. */
    private CompletableFuture<Void> sendOr(Message message, Destination first, Second second) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        var unused = send(message, first).whenComplete((done, failure) -> {
            if (failure instanceof PublishException e && isWorthAnother(e)) {
                // It asks the broker, and this thread has other answers to give.
                Threads.daemon("eda-rabbitmq-letters", () -> answer(answer, e, message, second))
                        .start();
            } else {
                answer(answer, failure);
            }
        });
        return answer;
    }

    // Not for what has waited for its deadline already.
    private static boolean isWorthAnother(PublishException failure) {
        return failure.reason() == PublishException.Reason.UNROUTABLE
                || failure.getCause() instanceof NotTakenException;
    }

    private void answer(CompletableFuture<Void> answer, PublishException first, Message message, Second second) {
        try {
            var unused = send(message, second.find()).whenComplete((done, failure) -> answer(answer, failure));
        } catch (IOException | RuntimeException e) {
            first.addSuppressed(e);
            answer.completeExceptionally(first);
        }
    }

    private static void answer(CompletableFuture<Void> answer, @Nullable Throwable failure) {
        if (failure == null) {
            answer.complete(null);
        } else {
            answer.completeExceptionally(failure);
        }
    }

    private CompletableFuture<Void> send(Message message, Destination destination) {
        return publisher.publish(List.of(message), any -> destination).get(0);
    }

    @Override
    public List<Message> read(int limit) {
        List<Message> read = new ArrayList<>();
        if (limit > 0) {
            look(limit, (letter, channel) -> read.add(letter.message));
        }
        return read;
    }

    @Override
    public boolean remove(String id) {
        boolean[] isFound = {false};
        look(Integer.MAX_VALUE, (letter, channel) -> {
            boolean isIt = letter.message.id().equals(id);
            if (isIt) {
                channel.basicAck(letter.tag, false);
                isFound[0] = true;
            }
            return !isIt;
        });
        return isFound[0];
    }

    @Override
    public CompletableFuture<Void> redeliver(Message message) {
        Names names = topology.names();
        return sendOr(message, new Destination("", names.queue(group), false), () -> {
            // It has no single queue: is it partitioned? What is published to no exchange would kill the channel.
            topology.requireExchange(open(), names.hash(group));
            return new Destination(names.hash(group), message.type(), false);
        });
    }

    private Connection open() {
        connection.start();
        connection.awaitFirstAttempt(options.deadline());
        Optional<Connection> current = connection.current();
        return current.orElseThrow(
                () -> unreachable(connection.failure().orElseGet(() -> new IOException("not connected"))));
    }

    private IllegalStateException unreachable(Throwable cause) {
        return new IllegalStateException(
                "The dead letters of '" + group + "' cannot be looked at: " + cause.getMessage()
                        + ". Try again when the broker is there",
                cause);
    }

    /** Shows the letters, from the oldest on, as many as there are now, {@code limit} at most. */
    private void look(int limit, Look look) {
        long end = System.nanoTime() + options.deadline().toNanos();
        looking.lock();
        try {
            Connection current = open();
            topology.declareDeadLetters(current, group);
            int[] left = {0};
            Channels.onChannel(current, channel -> left[0] = look(channel, limit, look, end));
            awaitReturn(current, left[0]);
        } catch (IOException | ShutdownSignalException e) {
            throw unreachable(e);
        } finally {
            looking.unlock();
        }
    }

    /** The broker puts them back some time after the channel is closed, and the next look is to find them. */
    private void awaitReturn(Connection current, int count) throws IOException {
        long end = System.nanoTime() + RETURN_LIMIT.toNanos();
        int[] ready = {0};
        while (ready[0] < count && System.nanoTime() - end < 0) {
            Channels.onChannel(current, channel -> ready[0] = (int) channel.messageCount(queue()));
            if (ready[0] < count) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    private String queue() {
        return topology.names().dead(group);
    }

    /** Returns how many are in the queue when those that were taken are back. */
    private int look(Channel channel, int limit, Look look, long end) throws IOException {
        int all = (int) Math.min(channel.messageCount(queue()), Integer.MAX_VALUE);
        int count = Math.min(limit, all);
        if (count == 0) {
            return all;
        }
        BlockingQueue<Letter> arriving = new LinkedBlockingQueue<>();
        DeliverCallback arrived = (consumer, delivery) -> arriving.add(new Letter(
                delivery.getEnvelope().getDeliveryTag(),
                Wire.message(delivery.getEnvelope(), delivery.getProperties(), delivery.getBody())));
        // Without a limit where it cannot be told in 16 bits: they are looked at and let go.
        channel.basicQos(count > MAX_PREFETCH ? 0 : count);
        String unused = channel.basicConsume(queue(), false, arrived, consumer -> {});
        int removed = 0;
        for (int i = 0; i < count; i++) {
            int seen = i;
            Letter letter = next(arriving, end).orElseThrow(() -> incomplete(seen, count));
            if (!look.isLeft(letter, channel)) {
                removed++;
            }
        }
        return all - removed;
    }

    private static Optional<Letter> next(BlockingQueue<Letter> arriving, long end) {
        try {
            return Optional.ofNullable(arriving.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What was not seen cannot be said not to be there. */
    private IllegalStateException incomplete(int seen, int count) {
        return new IllegalStateException("The dead letters of '" + group + "' were not all looked at: " + seen + " of "
                + count + " came within the deadline of " + options.deadline()
                + ". The broker is slow, or another process looks at them, or this thread was interrupted. Try again,"
                + " or allow more time");
    }

    private record Letter(long tag, Message message) {}

    private interface Second {
        Destination find() throws IOException;
    }

    private interface Look {
        /** Looks at it, and returns whether it is left there. */
        boolean isLeft(Letter letter, Channel channel) throws IOException;
    }
}

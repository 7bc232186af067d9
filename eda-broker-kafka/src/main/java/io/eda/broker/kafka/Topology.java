package io.eda.broker.kafka;

import io.eda.transport.PublishException;
import io.eda.transport.PublishException.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics of one transport: made before they are first used, found when others have made them. One thread does the asking. */
final class Topology implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Topology.class);
    private static final long SHORTEST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final KafkaTopics topics;
    private final Map<String, Object> properties;
    private final ScheduledExecutorService thread;
    private final Map<String, CompletableFuture<Void>> ready = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();

    // On the thread alone.
    private @Nullable Admin admin;

    Topology(KafkaTopics topics, Map<String, Object> properties) {
        this.topics = topics;
        this.properties = new HashMap<>(properties);
        this.thread = Executors.newSingleThreadScheduledExecutor(Threads.named("eda-kafka-topics"));
    }

    /** Returns a future that completes when the topic may be written to, or fails where it never may. */
    CompletableFuture<Void> ready(Destination destination) {
        return ready(
                destination, destination.kind() == Destination.Kind.EVENTS ? topics.creates() : isLetters(destination));
    }

    /** As {@link #ready}, and makes it in any case: for the topics that are this library's own. */
    CompletableFuture<Void> made(Destination destination) {
        return ready(destination, true);
    }

    private CompletableFuture<Void> ready(Destination destination, boolean mayCreate) {
        // Asked for each message, so without the lock that the other way may take.
        CompletableFuture<Void> known = ready.get(destination.topic());
        if (known != null) {
            return known;
        }
        return ready.computeIfAbsent(destination.topic(), topic -> {
            CompletableFuture<Void> future = new CompletableFuture<>();
            boolean unused = later(() -> prepare(destination, mayCreate, future, SHORTEST_PAUSE_MILLIS), 0);
            return future;
        });
    }

    /** Looks at the topic again before its next use: something went wrong with it. */
    void doubt(Destination destination) {
        ready.computeIfPresent(destination.topic(), (topic, future) -> future.isDone() ? null : future);
    }

    /** Runs {@code listener} whenever this transport has made a topic, or seen one for the first time. */
    void onNewTopic(Runnable listener) {
        listeners.add(listener);
    }

    void forget(Runnable listener) {
        listeners.remove(listener);
    }

    /** Asks for the Kafka topics that groups read, as the broker has them now. */
    CompletableFuture<Set<String>> eventTopics() {
        return ask(client -> {
            Set<String> found = new HashSet<>(get(client.listTopics().names()));
            found.removeIf(topic -> !reads(topic));
            return found;
        });
    }

    /** Asks the broker, on the thread of this topology. */
    <T> CompletableFuture<T> ask(Function<Admin, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Runnable asking = () -> {
            try {
                answer.complete(question.apply(admin()));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        };
        if (!later(asking, 0)) {
            answer.completeExceptionally(
                    new IllegalStateException("The transport is closed, so its broker is not asked"));
        }
        return answer;
    }

    /** Asks the broker and waits for the answer. */
    <T> T ask(Duration limit, Function<Admin, T> question) {
        return Waiting.get(ask(question), limit, "the broker's answer");
    }

    /** Waits for a driver's future, on the thread of this topology. */
    static <T> T get(org.apache.kafka.common.KafkaFuture<T> future) {
        return Waiting.get(
                future.toCompletionStage().toCompletableFuture(), Duration.ofMinutes(1), "the broker's answer");
    }

    /** Returns whether groups read this Kafka topic, if there is one. */
    boolean reads(String topic) {
        if (!topics.reads().isEmpty()) {
            return topics.reads().contains(topic);
        }
        return topic.startsWith(topics.prefix()) || topics.names().containsValue(topic);
    }

    private static boolean isLetters(Destination destination) {
        return destination.kind() == Destination.Kind.DEAD_LETTERS;
    }

    private void prepare(Destination destination, boolean mayCreate, CompletableFuture<Void> future, long pause) {
        try {
            if (new TopicMaker(admin(), topics).isReady(destination, mayCreate)) {
                future.complete(null);
                listeners.forEach(Runnable::run);
                return;
            }
        } catch (PublishException e) {
            refuse(destination, future, e);
            return;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause && !(cause instanceof RetriableException)) {
                refuse(destination, future, refusal(destination, cause));
                return;
            }
            log.debug("The topic {} is not ready: {}", destination.topic(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException e) {
            log.debug("The broker cannot be asked for the topic {}: {}", destination.topic(), e.getMessage());
        }
        long longer = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
        boolean unused = later(() -> prepare(destination, mayCreate, future, longer), pause);
    }

    // Forgotten a moment later, so that whoever publishes after it was put right is not refused for ever.
    private void refuse(Destination destination, CompletableFuture<Void> future, PublishException why) {
        future.completeExceptionally(why);
        boolean unused = later(() -> ready.remove(destination.topic(), future), LONGEST_PAUSE_MILLIS);
    }

    private static PublishException refusal(Destination destination, RuntimeException cause) {
        return new PublishException(
                Reason.REFUSED,
                "The topic '" + destination.topic() + "' could not be found or made: "
                        + cause.getClass().getSimpleName() + ", " + cause.getMessage()
                        + ". Make it by other means, or give this client the right to",
                cause);
    }

    private Admin admin() {
        Admin current = admin;
        if (current == null) {
            current = Admin.create(properties);
            admin = current;
        }
        return current;
    }

    // Returns whether it was not too late: whoever closes does not wait for those who ask meanwhile.
    private boolean later(Runnable task, long millis) {
        try {
            var unused = thread.schedule(task, millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        boolean unused = Waiting.forEnd(thread, Duration.ofSeconds(5));
        Admin current = admin;
        if (current != null) {
            current.close(Duration.ofSeconds(1));
        }
    }
}

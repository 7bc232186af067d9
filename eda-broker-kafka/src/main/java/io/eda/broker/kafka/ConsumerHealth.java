package io.eda.broker.kafka;

import io.eda.transport.ReceiverStatus;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.jspecify.annotations.Nullable;

/** What is known of one receiver, written by its thread and read by anybody. */
final class ConsumerHealth {

    private static final double LONGEST_SILENCE_SECONDS = 15;

    private volatile ReceiverStatus status = new ReceiverStatus(false, Optional.empty(), OptionalLong.empty());

    ReceiverStatus status() {
        return status;
    }

    /** Takes a failure in, and returns whether it is news: not what the last look, or the last attempt, has found already. */
    boolean failed(Throwable failure) {
        ReceiverStatus before = status;
        status = new ReceiverStatus(false, Optional.of(failure), before.lag());
        return before.failure()
                .filter(known -> String.valueOf(known.getMessage()).equals(String.valueOf(failure.getMessage())))
                .isEmpty();
    }

    void closed() {
        status = new ReceiverStatus(false, Optional.empty(), OptionalLong.empty());
    }

    /** Looks at a consumer, on its own thread; {@code waiting} is how many of its messages are fetched and not finished. */
    void look(Consumer<?, ?> consumer, int waiting) {
        String silence = silence(consumer.metrics());
        if (silence != null) {
            var unused = failed(new DisconnectException(silence));
            return;
        }
        boolean isMember = consumer.groupMetadata().generationId() >= 0;
        status = new ReceiverStatus(isMember, Optional.empty(), lag(consumer, waiting));
    }

    /** Looks at a share consumer, on its own thread: it is a member once the broker has answered a heartbeat. */
    void look(ShareConsumer<?, ?> consumer) {
        String silence = silence(consumer.metrics());
        if (silence != null) {
            var unused = failed(new DisconnectException(silence));
            return;
        }
        boolean isMember = metric(consumer.metrics(), "heartbeat-total", 0) >= 1;
        status = new ReceiverStatus(isMember, Optional.empty(), OptionalLong.empty());
    }

    private static @Nullable String silence(Map<MetricName, ? extends Metric> metrics) {
        if (metric(metrics, "connection-count", 1) < 1) {
            return "No broker can be reached: it is tried again and again; see bootstrap.servers if this goes on";
        }
        double silence = metric(metrics, "last-heartbeat-seconds-ago", 0);
        return silence > LONGEST_SILENCE_SECONDS
                ? "No heartbeat was answered for " + (long) silence + " s: the broker or the network stands still"
                : null;
    }

    private static double metric(Map<MetricName, ? extends Metric> metrics, String name, double otherwise) {
        for (var metric : metrics.entrySet()) {
            if (metric.getKey().name().equals(name)) {
                return number(metric.getValue(), otherwise);
            }
        }
        return otherwise;
    }

    private static double number(Metric metric, double otherwise) {
        return metric.metricValue() instanceof Double value && !value.isNaN() ? value : otherwise;
    }

    private static OptionalLong lag(Consumer<?, ?> consumer, int waiting) {
        long lag = waiting;
        for (TopicPartition partition : consumer.assignment()) {
            lag += consumer.currentLag(partition).orElse(0);
        }
        return OptionalLong.of(lag);
    }
}

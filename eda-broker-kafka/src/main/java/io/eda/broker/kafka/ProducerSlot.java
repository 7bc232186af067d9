package io.eda.broker.kafka;

import io.eda.transport.PublishException;
import io.eda.transport.PublishException.Reason;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The producer of the moment: opened when it is first needed, and anew when an error has ended it. */
final class ProducerSlot {

    private static final Logger log = LoggerFactory.getLogger(ProducerSlot.class);

    private final Map<String, Object> properties;
    private final Optional<MeterRegistry> meters;
    private final boolean isImpatient;
    // Read for each message without the lock, changed under it.
    private volatile @Nullable Open current;
    private boolean isClosed;

    ProducerSlot(Map<String, Object> properties, Optional<MeterRegistry> meters) {
        this.properties = properties;
        this.meters = meters;
        this.isImpatient = "0".equals(String.valueOf(properties.get("max.block.ms")));
    }

    Object maxRequestSize() {
        return properties.getOrDefault("max.request.size", 1_048_576);
    }

    /** Returns whether there is a producer that takes what it has room for without waiting. */
    boolean isReady() {
        return current != null && isImpatient;
    }

    /**
     * Sends, and returns true; {@code onEnd} hears of the end, with the failure or null, on any thread. Returns false where the producer has no
     * room now, or does not know the topic yet: then nothing was sent.
     */
    boolean send(Publication publication, OnEnd onEnd) {
        Open used;
        try {
            Open open = current;
            used = open == null ? open() : open;
        } catch (RuntimeException e) {
            onEnd.accept(publication, e);
            return true;
        }
        Attempt attempt = new Attempt(used, publication, onEnd);
        try {
            var unused = used.producer.send(publication.record(), attempt);
        } catch (RuntimeException e) {
            // A producer in its fatal state refuses here; this record was not sent, and the next one gets a new
            // producer.
            attempt.ended(e);
        }
        return !attempt.wasTurnedAway;
    }

    /** Who hears how a publication ended: with a failure, or with none. */
    interface OnEnd {
        void accept(Publication publication, @Nullable Throwable failure);
    }

    private final class Attempt implements Callback {

        private final Open used;
        private final Publication publication;
        private final OnEnd onEnd;
        private final Thread sender = Thread.currentThread();
        private boolean wasTurnedAway;

        private Attempt(Open used, Publication publication, OnEnd onEnd) {
            this.used = used;
            this.publication = publication;
            this.onEnd = onEnd;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
            // The driver's own thread ends what was sent. On the sender's, it says that there was no time to wait.
            if (failure instanceof TimeoutException && Thread.currentThread() == sender) {
                wasTurnedAway = true;
            } else {
                ended(failure);
            }
        }

        private void ended(@Nullable Exception failure) {
            if (failure != null && PublishFailures.endsProducer(failure)) {
                retire(used, failure);
            }
            onEnd.accept(publication, failure);
        }
    }

    private synchronized Open open() {
        if (isClosed) {
            throw new PublishException(Reason.NOT_ACCEPTED, "the transport is closed");
        }
        Open open = current;
        if (open == null) {
            Producer<byte[], byte[]> producer = opened();
            Optional<KafkaClientMetrics> metrics = meters.map(registry -> bound(producer, registry));
            open = new Open(producer, metrics);
            current = open;
        }
        return open;
    }

    private Producer<byte[], byte[]> opened() {
        try {
            return new KafkaProducer<>(properties);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new PublishException(
                    Reason.UNAVAILABLE,
                    "it was not sent, because the producer could not be opened: " + cause.getMessage()
                            + ". Correct the client's properties, if they are wrong, and publish it again",
                    e);
        }
    }

    // Called on the producer's own thread too, where its close may not wait for that thread.
    private synchronized void retire(Open open, Throwable why) {
        if (open.equals(current) && !isClosed) {
            log.warn("The producer is opened anew, because of {}", why.toString());
            current = null;
            Threads.named("eda-kafka-retire")
                    .newThread(() -> open.close(Duration.ZERO))
                    .start();
        }
    }

    void close() {
        Open open;
        synchronized (this) {
            isClosed = true;
            open = current;
            current = null;
        }
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }

    private static KafkaClientMetrics bound(Producer<?, ?> producer, MeterRegistry registry) {
        KafkaClientMetrics metrics = new KafkaClientMetrics(producer);
        metrics.bindTo(registry);
        return metrics;
    }

    private record Open(Producer<byte[], byte[]> producer, Optional<KafkaClientMetrics> metrics) {
        void close(Duration limit) {
            metrics.ifPresent(KafkaClientMetrics::close);
            producer.close(limit);
        }
    }
}

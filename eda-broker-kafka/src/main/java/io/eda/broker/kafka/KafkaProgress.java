package io.eda.broker.kafka;

import io.eda.transport.GroupProgress;
import io.eda.transport.ProgressRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;

/**
 * How far groups have come with messages: finds a message's records, and compares their offsets with those that the group has committed. A
 * consumer is opened for each question, joins nothing and commits nothing; one question at a time, others wait. Thread-safe.
 */
final class KafkaProgress {

    private static final int MOST_AT_ONCE = 1_000;

    private final KafkaOptions options;
    private final Topology topology;
    private final Destinations destinations;
    private final RecordCodec codec;
    private final ReentrantLock lock = new ReentrantLock();

    KafkaProgress(KafkaOptions options, Topology topology, Destinations destinations, RecordCodec codec) {
        this.options = options;
        this.topology = topology;
        this.destinations = destinations;
        this.codec = codec;
    }

    List<GroupProgress> of(ProgressRequest request) {
        Deadline deadline = Deadline.in(request.timeout());
        try {
            if (!lock.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
                return unknown(request, "others were asking its broker all the time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unknown(request, "the question was interrupted");
        }
        try {
            return answers(request, deadline);
        } catch (KafkaException | IllegalStateException e) {
            return unknown(request, "its broker did not answer: " + e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private List<GroupProgress> answers(ProgressRequest request, Deadline deadline) {
        Map<String, Object> properties = new HashMap<>(new ClientProperties(options).reader());
        // For the offsets of that group; who assigns partitions to himself is no member of it.
        properties.put("group.id", request.group());
        properties.put("max.poll.records", Math.min(MOST_AT_ONCE, request.maxRecords()));
        Consumer<byte[], byte[]> reader = new KafkaConsumer<>(properties);
        try {
            var search = new RecordSearch(reader, codec, request.maxRecords(), deadline);
            return new ProgressLook(request, reader, topology, destinations, search, deadline).answers();
        } finally {
            reader.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private static List<GroupProgress> unknown(ProgressRequest request, String reason) {
        return Collections.nCopies(request.messages().size(), new GroupProgress.Unknown(reason));
    }
}

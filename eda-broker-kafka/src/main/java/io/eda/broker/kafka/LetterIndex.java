package io.eda.broker.kafka;

import io.eda.transport.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Which letters one dead-letter topic holds: read from its beginning once, then followed whenever somebody asks. It keeps the
 * ids and the places, about 200 bytes a letter; the letters themselves stay with the broker. Not thread-safe.
 */
final class LetterIndex implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Map<String, Object> properties;
    private final RecordCodec codec;
    private final Map<String, Place> letters = new LinkedHashMap<>();
    private @Nullable Consumer<byte[], byte[]> consumer;

    LetterIndex(Map<String, Object> properties, RecordCodec codec) {
        this.properties = properties;
        this.codec = codec;
    }

    private record Place(TopicPartition partition, long offset) {}

    /** Follows {@code partitions} to their ends of now. */
    void catchUp(Set<TopicPartition> partitions, Duration limit) {
        Consumer<byte[], byte[]> reader = reader(partitions);
        Map<TopicPartition, Long> ends = reader.endOffsets(partitions, limit);
        long deadline = System.nanoTime() + limit.toNanos();
        while (isBehind(reader, ends, limit)) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("The dead letters in " + partitions + " could not be read within " + limit);
            }
            reader.poll(POLL).forEach(this::apply);
        }
    }

    boolean contains(String id) {
        return letters.containsKey(id);
    }

    /** Returns the oldest letters; to be called after {@link #catchUp}. */
    List<Message> oldest(int count, Duration limit) {
        List<Place> places = letters.values().stream().limit(count).toList();
        Consumer<byte[], byte[]> reader = consumer;
        if (places.isEmpty() || reader == null) {
            return List.of();
        }
        Map<TopicPartition, Long> resume = new HashMap<>();
        reader.assignment().forEach(partition -> resume.put(partition, reader.position(partition, limit)));
        try {
            return fetch(reader, places, resume, limit);
        } finally {
            resume.forEach(reader::seek);
            reader.resume(reader.paused());
        }
    }

    private List<Message> fetch(
            Consumer<byte[], byte[]> reader, List<Place> places, Map<TopicPartition, Long> ends, Duration limit) {
        Map<TopicPartition, Long> firsts =
                places.stream().collect(Collectors.toMap(Place::partition, Place::offset, Math::min));
        firsts.forEach(reader::seek);
        Map<Place, Message> found = new HashMap<>();
        Map<TopicPartition, Long> toRead = new HashMap<>(ends);
        toRead.keySet().retainAll(firsts.keySet());
        long deadline = System.nanoTime() + limit.toNanos();
        while (found.size() < places.size() && isBehind(reader, toRead, limit)) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("Dead letters could not be read within " + limit);
            }
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                found.put(placeOf(record), codec.decode(record));
            }
            found.keySet().retainAll(Set.copyOf(places));
        }
        List<Message> messages = new ArrayList<>();
        places.forEach(place -> {
            Message message = found.get(place);
            if (message != null) {
                messages.add(message);
            }
        });
        return messages;
    }

    private Consumer<byte[], byte[]> reader(Set<TopicPartition> partitions) {
        Consumer<byte[], byte[]> reader = consumer;
        if (reader == null) {
            reader = new KafkaConsumer<>(properties);
            consumer = reader;
        }
        if (!reader.assignment().equals(partitions)) {
            letters.clear();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
        }
        return reader;
    }

    private static boolean isBehind(Consumer<byte[], byte[]> reader, Map<TopicPartition, Long> ends, Duration limit) {
        return ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey(), limit) < end.getValue());
    }

    // In the order of the log, where a tombstone forgets what stands before it.
    private void apply(ConsumerRecord<byte[], byte[]> record) {
        String id = RecordCodec.keyOf(record);
        letters.remove(id);
        if (record.value() != null) {
            letters.put(id, placeOf(record));
        }
    }

    private static Place placeOf(ConsumerRecord<byte[], byte[]> record) {
        return new Place(new TopicPartition(record.topic(), record.partition()), record.offset());
    }

    @Override
    public void close() {
        Consumer<byte[], byte[]> reader = consumer;
        if (reader != null) {
            reader.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
        }
    }
}

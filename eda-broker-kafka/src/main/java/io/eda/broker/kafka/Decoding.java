package io.eda.broker.kafka;

import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a fetched record is to one group: a message, or nothing that it wants. For one thread alone. */
final class Decoding {

    private static final Logger log = LoggerFactory.getLogger(Decoding.class);
    private static final int MAX_KNOWN_TYPES = 10_000;

    private final ReceiveRequest request;
    private final RecordCodec codec;
    private final String redeliveries;
    private final boolean wantsAll;
    private final Map<String, Boolean> wantedTypes = new HashMap<>();

    Decoding(ReceiveRequest request, RecordCodec codec) {
        this.request = request;
        this.codec = codec;
        this.redeliveries = Destination.redeliveryTo(request.group()).topic();
        this.wantsAll = request.types().contains(TypePattern.everything());
    }

    /** Returns the message in each of {@code records}, or null where the group does not want it. */
    List<@Nullable Message> messagesOf(List<ConsumerRecord<byte[], byte[]>> records) {
        List<@Nullable Message> messages = new ArrayList<>(records.size());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            messages.add(messageOf(record));
        }
        return messages;
    }

    /** Returns the message in {@code record}, or null where the group does not want it. */
    @Nullable
    Message messageOf(ConsumerRecord<byte[], byte[]> record) {
        try {
            return isWanted(record) ? codec.decode(record) : null;
        } catch (RuntimeException e) {
            // Whatever is wrong with it, it must neither end the thread nor hold up its partition: it will be a dead
            // letter.
            String position = RecordCodec.positionOf(record);
            log.atWarn()
                    .addKeyValue("group", request.group())
                    .addKeyValue("record", position)
                    .log("The record at {} is no message, and becomes a dead letter: {}", position, e.toString());
            return codec.bare(record);
        }
    }

    // What tells no type cannot be chosen by one: every group gets it, so that it ends as a dead letter and not unseen.
    private boolean isWanted(ConsumerRecord<byte[], byte[]> record) {
        if (wantsAll || record.topic().equals(redeliveries)) {
            return true;
        }
        String type = codec.typeOf(record);
        if (wantedTypes.size() > MAX_KNOWN_TYPES) {
            wantedTypes.clear();
        }
        return type.isEmpty() || wantedTypes.computeIfAbsent(type, request::wants);
    }
}

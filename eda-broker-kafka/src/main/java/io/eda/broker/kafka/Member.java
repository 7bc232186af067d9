package io.eda.broker.kafka;

import io.eda.transport.Message;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a transport gives to a member of a group.
 *
 * @param instanceSuffix what is put behind names that must differ between the members of one transport
 * @param deadLetters where rejected messages go
 * @param redeliveries where records for this group alone go
 * @param outputs what makes records of the messages that are published with an acknowledgement
 * @param onClose what is run when the member is gone
 */
record Member(
        String instanceSuffix,
        Function<Message, CompletableFuture<Void>> deadLetters,
        Function<ProducerRecord<byte[], byte[]>, CompletableFuture<Void>> redeliveries,
        Outputs outputs,
        Runnable onClose) {}

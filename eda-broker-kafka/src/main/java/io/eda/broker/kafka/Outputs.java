package io.eda.broker.kafka;

import io.eda.transport.Message;
import io.eda.transport.PublishException;
import java.util.List;

/** Makes records of messages that are to be published with an acknowledgement. Thread-safe. */
interface Outputs {

    /**
     * Returns the records.
     *
     * @throws PublishException if one of them could never be published
     * @throws UnsupportedOperationException if there are no transactions
     */
    List<Output> of(List<Message> messages);

    /** Returns what refuses them, where there are no transactions. */
    static Outputs none() {
        return messages -> {
            throw new UnsupportedOperationException("A message of Kafka was to be acknowledged with the messages "
                    + messages + ", which takes a transaction: give the transport KafkaOptions.withTransactions");
        };
    }
}

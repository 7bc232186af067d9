package io.eda.broker.kafka;

import io.eda.transport.Message;
import java.util.List;

/** What was made of one message that is finished: it is published when its offset is committed, and kept until then. */
record Result(long offset, Message message, List<Output> outputs) {

    int size() {
        return outputs.stream().mapToInt(Output::size).sum();
    }
}

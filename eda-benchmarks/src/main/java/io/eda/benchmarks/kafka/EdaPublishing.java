package io.eda.benchmarks.kafka;

import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;
import io.eda.broker.kafka.KafkaTransport;
import io.eda.transport.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Publishes with ours. */
record EdaPublishing(KafkaTransport transport) implements Session {

    private static final int BATCH = 100;

    static EdaPublishing open(Broker broker) {
        String prefix = broker.freshPrefix();
        broker.madeTopic(prefix);
        return new EdaPublishing(broker.transport(prefix));
    }

    @Override
    public Operation caller(int index) {
        SampleMessages samples = new SampleMessages();
        Window window = new Window();
        return watch -> {
            window.enter(BATCH);
            List<Message> batch = new ArrayList<>(BATCH);
            for (int i = 0; i < BATCH; i++) {
                batch.add(samples.next());
            }
            for (CompletableFuture<Void> future : transport.publish(batch)) {
                var unused = future.whenComplete((nothing, failure) -> window.leave(failure));
            }
            return BATCH;
        };
    }

    @Override
    public void close() {
        transport.close();
    }
}

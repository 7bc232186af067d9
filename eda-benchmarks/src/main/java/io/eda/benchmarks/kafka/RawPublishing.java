package io.eda.benchmarks.kafka;

import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Publishes with the driver alone. */
record RawPublishing(KafkaProducer<byte[], byte[]> producer, String topic) implements Session {

    private static final int BATCH = 100;

    static RawPublishing open(Broker broker) {
        return new RawPublishing(broker.producer(), broker.madeTopic(broker.freshPrefix()));
    }

    @Override
    public Operation caller(int index) {
        SampleMessages samples = new SampleMessages();
        Window window = new Window();
        return watch -> {
            window.enter(BATCH);
            for (int i = 0; i < BATCH; i++) {
                var unused = producer.send(
                        SampleMessages.record(samples.next(), topic), (metadata, failure) -> window.leave(failure));
            }
            return BATCH;
        };
    }

    @Override
    public void close() {
        producer.close();
    }
}

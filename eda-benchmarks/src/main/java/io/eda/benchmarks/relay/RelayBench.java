package io.eda.benchmarks.relay;

import static io.eda.benchmarks.harness.Quantity.EVENTS_PER_SECOND;

import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Goal;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.harness.Scenario;
import io.eda.transport.Message;
import java.util.List;

/**
 * The relay from PostgreSQL to Kafka and to RabbitMQ, beside the raw client. That one publishes the very same messages, with the
 * same settings and as many unconfirmed; it reads no store, and moves no checkpoint.
 */
public final class RelayBench {

    private static final String RAW = "raw client";
    private static final String EDA = "eda";

    private RelayBench() {}

    /** Stores {@code events} events, which must hold for a round, and relays them to one broker after the other. */
    public static void run(Report report, int events) throws Exception {
        try (History history = History.of(events)) {
            List<Message> messages = history.messages();
            report.line(events + " events of 250 bytes, 1 000 keys, " + Window.SIZE + " unconfirmed at most");
            try (ToKafka kafka = new ToKafka(messages)) {
                report.compare(scenario(
                        "relay to Kafka, 1 broker, 6 partitions",
                        "KafkaProducer.send from memory, headers from the same strings, linger 5 ms, batches of 128 KiB,"
                                + " lz4, acks=all",
                        kafka::raw,
                        "OutboxRelay from PostgreSQL over KafkaTransport, all defaults",
                        () -> kafka.eda(history)));
            }
            try (ToRabbitMq rabbitMq = new ToRabbitMq(messages)) {
                report.compare(scenario(
                        "relay to RabbitMQ, 1 quorum queue",
                        "basicPublish from memory, mandatory, one channel, confirms in a listener",
                        rabbitMq::raw,
                        "OutboxRelay from PostgreSQL over RabbitMqTransport, all defaults",
                        () -> rabbitMq.eda(history)));
            }
        }
    }

    private static Scenario scenario(
            String name, String rawSettings, Contender.Opening raw, String edaSettings, Contender.Opening eda) {
        return new Scenario(
                name,
                Pace.asFastAsPossible(),
                List.of(new Contender(RAW, rawSettings, 1, raw), new Contender(EDA, edaSettings, 1, eda)),
                List.of(RAW),
                List.of(Goal.atLeast(0.8, EDA, EVENTS_PER_SECOND, RAW)));
    }
}

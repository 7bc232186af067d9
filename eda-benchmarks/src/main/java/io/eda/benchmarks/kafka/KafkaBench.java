package io.eda.benchmarks.kafka;

import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Goal;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Quantity;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.harness.Scenario;
import java.util.List;

/** Kafka: ours, the driver alone with the same settings, Spring Kafka and parallel-consumer, on one broker with topics of 6 partitions. */
public final class KafkaBench {

    private static final String RAW = "raw";
    private static final String EDA = "eda";
    private static final int LATENCY_CALLERS = 32;
    private static final int PER_SECOND = 1_000;

    private KafkaBench() {}

    /** Runs all scenarios on a broker of their own; {@code events} are there to be received. */
    public static void run(Report report, int events) throws Exception {
        try (Broker broker = Broker.start()) {
            report.line(broker.description());
            report.line(SampleMessages.description());
            report.compare(publish(broker));
            String topic = broker.filledTopic(events);
            report.line(events + " messages wait for every receiver");
            report.compare(receive(broker, topic, events));
            Handlers handlers = new Handlers(broker, topic, events);
            report.compare(typed(handlers));
            report.compare(sleeping(handlers));
            report.compare(latency(broker));
        }
    }

    private static Scenario publish(Broker broker) {
        return new Scenario(
                "publish, 1 caller, 10 000 unconfirmed at most, latency of 100 until accepted",
                Pace.asFastAsPossible(),
                List.of(
                        new Contender(
                                RAW,
                                "KafkaProducer.send, headers from the same strings, linger 5 ms, batches of 128 KiB, lz4, acks=all",
                                1,
                                () -> RawPublishing.open(broker)),
                        new Contender(
                                EDA, "KafkaTransport.publish with its defaults", 1, () -> EdaPublishing.open(broker))),
                List.of(RAW),
                List.of(Goal.atLeast(0.9, EDA, Quantity.EVENTS_PER_SECOND, RAW)));
    }

    private static Scenario receive(Broker broker, String topic, int events) {
        return new Scenario(
                "receive to bytes, 1 member, acknowledged at once",
                Pace.asFastAsPossible(),
                List.of(
                        new Contender(
                                RAW,
                                "poll loop on one thread, key, value and headers left as bytes, commitAsync by offset every 200 ms",
                                1,
                                () -> RawReceiving.open(broker, topic, events)),
                        new Contender(
                                EDA,
                                "KafkaTransport.receive: headers to strings, order by key, commits of the finished prefix",
                                1,
                                () -> EdaReceiving.open(broker, topic, events))),
                List.of(RAW),
                List.of(Goal.atLeast(0.85, EDA, Quantity.EVENTS_PER_SECOND, RAW)));
    }

    private static Scenario typed(Handlers handlers) {
        String one = Handlers.SPRING + 1;
        String three = Handlers.SPRING + 3;
        return new Scenario(
                "receive to typed events, 1 member, a handler that counts",
                Pace.asFastAsPossible(),
                handlers.counting(),
                List.of(one, three),
                List.of(
                        Goal.atLeast(1.0, Handlers.EDA, Quantity.EVENTS_PER_SECOND, one),
                        Goal.atLeast(1.0, Handlers.EDA, Quantity.EVENTS_PER_SECOND, three)));
    }

    private static Scenario sleeping(Handlers handlers) {
        return new Scenario(
                "receive in order by key, 1 member, a handler that sleeps 1 ms, 64 at once",
                Pace.asFastAsPossible(),
                handlers.sleeping(),
                List.of(Handlers.PARALLEL_CONSUMER),
                List.of(Goal.atLeast(2, Handlers.EDA, Quantity.EVENTS_PER_SECOND, Handlers.PARALLEL_CONSUMER)));
    }

    private static Scenario latency(Broker broker) {
        return new Scenario(
                "publish to receipt at 1 000/s, latency of one message",
                Pace.perSecond(PER_SECOND),
                List.of(
                        new Contender(
                                RAW,
                                "KafkaProducer and KafkaConsumer, linger 5 ms",
                                LATENCY_CALLERS,
                                () -> RoundTrips.raw(broker)),
                        new Contender(
                                EDA,
                                "KafkaTransport with its defaults",
                                LATENCY_CALLERS,
                                () -> RoundTrips.eda(broker))),
                List.of(RAW),
                List.of(Goal.atMost(1.5, EDA, Quantity.P99_MILLIS, RAW)));
    }
}

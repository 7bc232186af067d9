package io.eda.broker.rabbitmq;

import io.eda.testkit.ServerFaults;
import io.eda.testkit.transport.EventTransportContract;
import io.eda.transport.EventTransport;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;

/** Two queues a group, each with one active consumer. */
final class PartitionedTransportIT extends EventTransportContract {

    private final RabbitFaults faults = new RabbitFaults();
    private final RabbitMqOptions options = TestRabbit.through(
            faults.proxy(),
            partitioned(TestRabbit.options())
                    .withPublishing(RabbitMqPublishing.defaults().withMaxMessageBytes(TestRabbit.MAX_MESSAGE)));
    private final String exchange = options.topology().exchange();

    @Override
    protected EventTransport openTransport() {
        return RabbitMqTransport.connect(options);
    }

    @Override
    protected ServerFaults faults() {
        return faults.all();
    }

    @Override
    protected Duration publishDeadline() {
        return TestRabbit.DEADLINE;
    }

    @Override
    protected OptionalInt largestBody() {
        return OptionalInt.of(TestRabbit.MAX_MESSAGE);
    }

    @Override
    protected boolean countsCloses() {
        return true;
    }

    @Override
    protected boolean publishesForeign() {
        return true;
    }

    @Override
    protected void publishForeign(String topic, String type, byte[] body) throws Exception {
        RabbitFaults.publishForeign(exchange, type, body);
    }

    @Override
    protected OptionalLong depth(String group) {
        return OptionalLong.of(
                TestRabbit.depth(new Names(exchange).partition(group, 0), new Names(exchange).partition(group, 1)));
    }

    private static RabbitMqOptions partitioned(RabbitMqOptions options) {
        return options.withTopology(options.topology().withPartitions(2));
    }

    @AfterAll
    void closeTheProxy() {
        faults.close();
    }
}

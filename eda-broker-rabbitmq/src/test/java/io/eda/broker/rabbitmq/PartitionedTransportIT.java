package io.eda.broker.rabbitmq;

import io.eda.testkit.ServerFaults;
import io.eda.testkit.transport.EventTransportContract;
import io.eda.transport.EventTransport;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;

/** Four queues a group, each with one active consumer. */
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
        return OptionalLong.of(RabbitFaults.depth(IntStream.range(0, 4).mapToObj(i -> new Names(exchange).partition(group, i))));
    }

    private static RabbitMqOptions partitioned(RabbitMqOptions options) {
        return options.withTopology(options.topology().withPartitions(4));
    }

    @AfterAll
    void closeTheProxy() {
        faults.close();
    }
}

package io.eda.broker.rabbitmq;

import io.eda.testkit.ServerFaults;
import io.eda.testkit.transport.EventTransportContract;
import io.eda.transport.EventTransport;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Once with one queue a group, and once with two, each with one active consumer. */
@ParameterizedClass(name = "{0} partitions")
@ValueSource(ints = {0, 2})
final class RabbitMqTransportIT extends EventTransportContract {

    private final RabbitFaults faults = new RabbitFaults();
    private final int partitions;
    private final RabbitMqOptions options;
    private final String exchange;

    RabbitMqTransportIT(int partitions) {
        RabbitMqOptions defaults = TestRabbit.through(faults.proxy(), TestRabbit.options());
        this.partitions = partitions;
        this.options = defaults.withTopology(defaults.topology().withPartitions(partitions))
                .withPublishing(RabbitMqPublishing.defaults().withMaxMessageBytes(TestRabbit.MAX_MESSAGE));
        this.exchange = options.topology().exchange();
    }

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
        Names names = new Names(exchange);
        String[] queues = partitions == 0
                ? new String[] {names.queue(group)}
                : IntStream.range(0, partitions)
                        .mapToObj(i -> names.partition(group, i))
                        .toArray(String[]::new);
        return OptionalLong.of(TestRabbit.depth(queues));
    }

    @AfterAll
    void closeTheProxy() {
        faults.close();
    }
}

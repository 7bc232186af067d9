package io.eda.broker.rabbitmq;

import io.eda.testkit.ServerFaults;
import io.eda.testkit.transport.EventTransportContract;
import io.eda.transport.EventTransport;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of all transports, with one queue a group; {@link PartitionedTransportIT} has partitions. */
class RabbitMqTransportIT extends EventTransportContract {

    private final RabbitFaults faults = new RabbitFaults();
    private RabbitMqOptions options;

    /** How many queues a group is spread over; 0 for one that is not. */
    int partitions() {
        return 0;
    }

    @BeforeAll
    void configure() {
        RabbitMqOptions defaults = TestRabbit.through(faults.proxy(), TestRabbit.options());
        options = defaults.withTopology(defaults.topology().withPartitions(partitions()))
                .withPublishing(RabbitMqPublishing.defaults().withMaxMessageBytes(TestRabbit.MAX_MESSAGE));
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

    // On this machine what comes unasked comes within milliseconds.
    @Override
    protected Duration quiet() {
        return Duration.ofMillis(100);
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
        RabbitFaults.publishForeign(options.topology().exchange(), type, body);
    }

    @Override
    protected OptionalLong depth(String group) {
        Names names = new Names(options.topology().exchange());
        String[] queues = partitions() == 0
                ? new String[] {names.queue(group)}
                : IntStream.range(0, partitions())
                        .mapToObj(i -> names.partition(group, i))
                        .toArray(String[]::new);
        return OptionalLong.of(TestRabbit.depth(queues));
    }

    @AfterAll
    void closeTheProxy() {
        faults.close();
    }
}

package io.eda.broker.kafka;

import static io.eda.testkit.ServerFaults.Fault.COME_BACK;
import static io.eda.testkit.ServerFaults.Fault.CUT;
import static io.eda.testkit.ServerFaults.Fault.FREEZE;
import static io.eda.testkit.ServerFaults.Fault.GO_AWAY;
import static io.eda.testkit.ServerFaults.Fault.KILL;
import static io.eda.testkit.ServerFaults.Fault.RESTART;
import static io.eda.testkit.ServerFaults.Fault.THAW;

import io.eda.testkit.ServerFaults;
import io.eda.testkit.transport.EventTransportContract;
import io.eda.transport.EventTransport;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of all transports, on a broker behind a proxy that can be cut. */
final class KafkaTransportContractIT extends EventTransportContract {

    private ProxiedKafka kafka;
    private KafkaOptions options;

    @BeforeAll
    void start() {
        kafka = ProxiedKafka.start();
        KafkaOptions defaults = TestKafka.options(kafka.bootstrap());
        options = defaults.withLimits(defaults.limits()
                        .withPublishTimeout(publishDeadline())
                        .withPatience(Duration.ofSeconds(5), Duration.ofSeconds(3)))
                // A member that cannot say goodbye is missed soon, and rebalances are quick.
                .withConsumer(Map.of("session.timeout.ms", 6_000, "heartbeat.interval.ms", 200));
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    @Override
    protected EventTransport openTransport() {
        return KafkaTransport.connect(options);
    }

    @Override
    protected EventTransport openTransactional() {
        return KafkaTransport.connect(options.withTransactions(TestKafka.fresh("tx")));
    }

    @Override
    protected ServerFaults faults() {
        return ServerFaults.none("none is missing")
                .with(RESTART, kafka.server()::restart)
                .with(KILL, kafka::killAndStart)
                .with(CUT, kafka.proxy()::cut)
                .with(GO_AWAY, kafka.proxy()::refuse)
                .with(COME_BACK, kafka.proxy()::restore)
                .with(FREEZE, kafka.server()::freeze)
                .with(THAW, kafka.server()::thaw);
    }

    @Override
    protected Duration publishDeadline() {
        return Duration.ofSeconds(8);
    }

    // A member stays one while it reconnects.
    @Override
    protected boolean losesDeliveriesWithTheConnection() {
        return false;
    }

    @Override
    protected OptionalInt largestBody() {
        return OptionalInt.of(options.limits().maxBody());
    }

    @Override
    protected OptionalLong depth(String group) throws Exception {
        String bootstrap = kafka.bootstrap();
        long depth = 0;
        for (String topic : topics()) {
            depth += TestKafka.uncommitted(bootstrap, group, options.topics().prefix() + topic);
        }
        return OptionalLong.of(depth);
    }

    @Override
    protected boolean publishesForeign() {
        return true;
    }

    @Override
    protected void publishForeign(String topic, String type, byte[] body) throws Exception {
        TestKafka.publishForeign(kafka.bootstrap(), options.topics().prefix() + topic, type, body);
    }
}

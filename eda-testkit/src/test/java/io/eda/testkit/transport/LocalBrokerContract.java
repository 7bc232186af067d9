package io.eda.testkit.transport;

import static io.eda.testkit.ServerFaults.Fault.COME_BACK;
import static io.eda.testkit.ServerFaults.Fault.CUT;
import static io.eda.testkit.ServerFaults.Fault.FREEZE;
import static io.eda.testkit.ServerFaults.Fault.GO_AWAY;
import static io.eda.testkit.ServerFaults.Fault.KILL;
import static io.eda.testkit.ServerFaults.Fault.RESTART;
import static io.eda.testkit.ServerFaults.Fault.THAW;

import io.eda.testkit.ServerFaults;
import io.eda.transport.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The suite over a {@link LocalBroker}, with every hook. */
abstract class LocalBrokerContract extends EventTransportContract {

    private final LocalBroker broker = new LocalBroker();

    LocalBroker broker() {
        return broker;
    }

    @Override
    protected ServerFaults faults() {
        return ServerFaults.none("all are given")
                .with(RESTART, broker::restart)
                .with(KILL, broker::kill)
                .with(CUT, broker::cut)
                .with(GO_AWAY, broker::goAway)
                .with(COME_BACK, broker::comeBack)
                .with(FREEZE, broker::freeze)
                .with(THAW, broker::thaw);
    }

    @Override
    protected OptionalInt largestBody() {
        return OptionalInt.of(LocalBroker.LARGEST_BODY);
    }

    @Override
    protected boolean publishesForeign() {
        return true;
    }

    @Override
    protected void publishForeign(String topic, String type, byte[] body) {
        var unused = broker.queues().publish(List.of(new Message("", topic, type, "", Map.of(), body)));
    }

    @Override
    protected OptionalLong depth(String group) {
        return OptionalLong.of(broker.depth(group));
    }

    @Override
    protected Duration publishDeadline() {
        return Duration.ofSeconds(1);
    }
}

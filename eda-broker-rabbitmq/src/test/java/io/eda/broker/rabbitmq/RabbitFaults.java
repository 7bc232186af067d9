package io.eda.broker.rabbitmq;

import com.rabbitmq.client.Connection;
import io.eda.testkit.ServerFaults;
import io.eda.testkit.ServerFaults.Fault;
import io.eda.testkit.servers.TcpProxy;

/** How the module's server is hurt, seen through a proxy. */
final class RabbitFaults implements AutoCloseable {

    private final TcpProxy proxy = TcpProxy.to(TestRabbit.server());

    TcpProxy proxy() {
        return proxy;
    }

    ServerFaults all() {
        return ServerFaults.none("all are given")
                .with(Fault.RESTART, () -> TestRabbit.server().restart())
                .with(Fault.KILL, RabbitFaults::kill)
                .with(Fault.CUT, proxy::cut)
                .with(Fault.GO_AWAY, proxy::refuse)
                .with(Fault.COME_BACK, proxy::restore)
                .with(Fault.FREEZE, () -> TestRabbit.server().freeze())
                .with(Fault.THAW, () -> TestRabbit.server().thaw());
    }

    static void kill() {
        // A quorum queue is registered on its node by a file that is written some seconds after its declaration. A
        // queue that is younger when its only node is killed is not recovered: the broker's own gap, which is not
        // what is tested.
        TestRabbit.eval("[dets:sync(T) || T <- dets:all()].");
        TestRabbit.server().kill();
        TestRabbit.server().start();
    }

    static void publishForeign(String exchange, String type, byte[] body) throws Exception {
        try (Connection stranger = TestRabbit.admin()) {
            var channel = stranger.createChannel();
            channel.confirmSelect();
            channel.basicPublish(exchange, type, null, body);
            channel.waitForConfirms(30_000);
        }
    }

    @Override
    public void close() {
        proxy.close();
    }
}

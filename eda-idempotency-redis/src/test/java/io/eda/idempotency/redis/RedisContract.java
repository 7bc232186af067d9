package io.eda.idempotency.redis;

import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import io.eda.testkit.ServerFaults;
import io.eda.testkit.ServerFaults.Fault;
import io.eda.testkit.idempotency.IdempotencyStoreContract;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.RedisServer;
import io.eda.testkit.servers.ServerOptions;
import io.eda.testkit.servers.ServerOptions.Source;
import io.eda.testkit.servers.TcpProxy;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/** The whole contract, on a server from one source, through a proxy that can break the network. */
abstract class RedisContract extends IdempotencyStoreContract {

    private final RedisServer server;
    private final TcpProxy proxy;

    RedisContract(Source source) {
        this.server = RealServers.dedicatedRedis(ServerOptions.from(source));
        this.proxy = TcpProxy.to(server);
    }

    @AfterAll
    void end() {
        proxy.close();
        server.close();
    }

    @Override
    protected IdempotencyStore openStore(Duration retention) {
        return RedisIdempotencyStore.connect(
                RedisURI.create(proxy.host(), proxy.port()),
                RedisIdempotencyOptions.defaults().withRetention(retention).withCommandTimeout(Duration.ofSeconds(4)));
    }

    @Override
    protected ServerFaults faults() {
        return ServerFaults.none("all are given")
                .with(Fault.RESTART, server::restart)
                .with(Fault.KILL, () -> {
                    server.kill();
                    server.start();
                })
                .with(Fault.CUT, proxy::cut)
                .with(Fault.GO_AWAY, proxy::refuse)
                .with(Fault.COME_BACK, proxy::restore)
                .with(Fault.FREEZE, server::freeze)
                .with(Fault.THAW, server::thaw);
    }

    @Override
    protected boolean isDurable() {
        return true;
    }

    @Override
    protected boolean tellsTimeToLive() {
        return true;
    }

    @Override
    protected Optional<Duration> timeToLive(IdempotencyKey key) {
        long millis = Ask.redis(server, redis -> redis.pttl("eda:" + key.group() + ":" + key.eventId()));
        return millis == -2 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    }
}

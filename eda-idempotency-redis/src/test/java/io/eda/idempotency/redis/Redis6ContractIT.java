package io.eda.idempotency.redis;

import io.eda.testkit.servers.ServerOptions.Source;

/** Redis 6.2, whose claims are scripts. */
final class Redis6ContractIT extends RedisContract {
    Redis6ContractIT() {
        super(Source.JAR);
    }
}

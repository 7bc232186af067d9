package io.eda.idempotency.redis;

import io.eda.testkit.servers.ServerOptions.Source;

/** Redis 7.0, or what is installed. */
final class Redis7ContractIT extends RedisContract {
    Redis7ContractIT() {
        super(Source.INSTALLED);
    }
}

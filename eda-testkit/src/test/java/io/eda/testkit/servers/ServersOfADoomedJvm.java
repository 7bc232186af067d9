package io.eda.testkit.servers;

import java.util.List;

/** The main class of a JVM that starts one of each server, says so, and waits to be killed. */
final class ServersOfADoomedJvm {

    private ServersOfADoomedJvm() {}

    public static void main(String[] arguments) throws InterruptedException {
        List<RealServer> servers =
                List.of(RealServers.postgres(), RealServers.redis(), RealServers.kafka(), RealServers.rabbitMq());
        RedisServer frozen = RealServers.dedicatedRedis();
        frozen.freeze();
        PostgresServer frozenPostgres = RealServers.dedicatedPostgres();
        frozenPostgres.freeze();
        servers.forEach(System.out::println);
        System.out.println("started");
        Thread.currentThread().join();
    }
}

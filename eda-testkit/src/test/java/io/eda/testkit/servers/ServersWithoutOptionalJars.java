package io.eda.testkit.servers;

import io.eda.testkit.servers.ServerOptions.Source;
import java.util.function.Supplier;

/** The main class of a JVM whose class path has none of the optional jars; prints each server or why there is none. */
final class ServersWithoutOptionalJars {

    private ServersWithoutOptionalJars() {}

    public static void main(String[] arguments) {
        print(() -> RealServers.dedicatedPostgres(ServerOptions.from(Source.INSTALLED)));
        print(() -> RealServers.dedicatedPostgres(ServerOptions.from(Source.DOCKER)));
        print(() -> RealServers.dedicatedPostgres(ServerOptions.from(Source.JAR)));
        print(() -> RealServers.dedicatedRedis(ServerOptions.from(Source.INSTALLED)));
        print(() -> RealServers.dedicatedRedis(ServerOptions.from(Source.JAR)));
        print(() -> RealServers.dedicatedKafka(ServerOptions.from(Source.JAR)));
    }

    private static void print(Supplier<RealServer> server) {
        try (RealServer started = server.get()) {
            System.out.println(started);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }
}

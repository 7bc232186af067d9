package io.eda.testkit.servers;

/**
 * Real servers for tests, one of each kind shared by all tests of this JVM, or one for a test alone.
 *
 * <p>Each is looked for in one order, and the first place that has it is taken:
 * <ol>
 *   <li><b>Given</b> by environment variables: {@code EDA_POSTGRES_URL}, {@code _USER}, {@code _PASSWORD};
 *       {@code EDA_RABBITMQ_URI}; {@code EDA_KAFKA_BOOTSTRAP}; {@code EDA_REDIS_URI}.
 *   <li>A <b>container</b>, where a Docker engine answers and Testcontainers is on the class path.
 *   <li>The <b>installed program</b> as a child process, on a free port of 127.0.0.1, in a private folder.
 *   <li>A program from a <b>Maven jar</b> on the class path, likewise: PostgreSQL, Redis, and Kafka always.
 * </ol>
 * {@code EDA_POSTGRES_FROM}, {@code EDA_RABBITMQ_FROM}, {@code EDA_KAFKA_FROM} and {@code EDA_REDIS_FROM} name one place
 * alone: {@code environment}, {@code docker}, {@code installed} or {@code jar}.
 *
 * <ul>
 *   <li><b>Never skipped</b>: a server that is found nowhere is an {@link IllegalStateException} that says where it was
 *       looked for and what to install.
 *   <li><b>Lazy and thread-safe</b>: a shared server starts at the first call; later and concurrent calls get the same.
 *   <li><b>Isolated</b>: tests that share a server take fresh schemas, topics, virtual hosts and key prefixes from it.
 *   <li><b>Nothing is left running</b>: processes and folders go with this JVM, even when it is killed with -9.
 * </ul>
 *
 * <p>A shared server refuses to be stopped, killed or frozen: ask for a dedicated one, and close it.
 */
public final class RealServers {

    // State in statics, against the house rule: "one for this JVM" is what is promised.
    private static final Shared<PostgresServer> POSTGRES =
            new Shared<>(() -> PostgresServer.find(Machine.current(), ServerOptions.defaults(), true)
                    .shared());

    private static final Shared<RabbitMqServer> RABBITMQ =
            new Shared<>(() -> RabbitMqServer.find(Machine.current(), ServerOptions.defaults(), true)
                    .shared());
    private static final Shared<KafkaServer> KAFKA = new Shared<>(() ->
            KafkaServer.find(Machine.current(), ServerOptions.defaults(), true).shared());
    private static final Shared<RedisServer> REDIS = new Shared<>(() ->
            RedisServer.find(Machine.current(), ServerOptions.defaults(), true).shared());

    private RealServers() {}

    /** The PostgreSQL that all tests of this JVM share. */
    public static PostgresServer postgres() {
        return POSTGRES.get();
    }

    /** The RabbitMQ that all tests of this JVM share. */
    public static RabbitMqServer rabbitMq() {
        return RABBITMQ.get();
    }

    /** The Kafka that all tests of this JVM share. */
    public static KafkaServer kafka() {
        return KAFKA.get();
    }

    /** The Redis that all tests of this JVM share. */
    public static RedisServer redis() {
        return REDIS.get();
    }

    /** A PostgreSQL for one test alone, with the defaults. */
    public static PostgresServer dedicatedPostgres() {
        return dedicatedPostgres(ServerOptions.defaults());
    }

    /** A PostgreSQL for one test alone; settings are those of {@code postgresql.conf}. */
    public static PostgresServer dedicatedPostgres(ServerOptions options) {
        return PostgresServer.find(Machine.current(), options, false);
    }

    /** A RabbitMQ for one test alone, with the defaults. */
    public static RabbitMqServer dedicatedRabbitMq() {
        return dedicatedRabbitMq(ServerOptions.defaults());
    }

    /**
     * A RabbitMQ for one test alone; settings are those of {@code rabbitmq.conf}, with two more: {@code plugins} names
     * plugins to enable, separated by commas, and {@code advanced.config} is the whole text of that file.
     */
    public static RabbitMqServer dedicatedRabbitMq(ServerOptions options) {
        return RabbitMqServer.find(Machine.current(), options, false);
    }

    /** A Kafka for one test alone, with the defaults. */
    public static KafkaServer dedicatedKafka() {
        return dedicatedKafka(ServerOptions.defaults());
    }

    /** A Kafka for one test alone; settings are those of {@code server.properties}. */
    public static KafkaServer dedicatedKafka(ServerOptions options) {
        return KafkaServer.find(Machine.current(), options, false);
    }

    /** A Redis for one test alone, with the defaults. */
    public static RedisServer dedicatedRedis() {
        return dedicatedRedis(ServerOptions.defaults());
    }

    /** A Redis for one test alone; settings are those of {@code redis.conf}. */
    public static RedisServer dedicatedRedis(ServerOptions options) {
        return RedisServer.find(Machine.current(), options, false);
    }

    /**
     * Returns a port of 127.0.0.1 on which nobody listens, for servers that tests start by themselves. It lies below the range from which the kernel
     * takes the ports of clients, so that none of them sits on it while the server is away.
     */
    public static int freePort() {
        return Ports.free();
    }
}

/**
 * Real servers for tests: PostgreSQL, RabbitMQ, Kafka and Redis, with or without Docker, on any machine, as root or not.
 *
 * <p>Start at {@link io.eda.testkit.servers.RealServers}. Each server is looked for in one order: coordinates in
 * environment variables; a container where a Docker engine answers; an installed program, or one from a jar, as a child
 * process. A server that is found nowhere fails the test and says what to install; nothing is ever skipped.
 *
 * <pre>
 *   RealServers ── Search ──► PostgresServer, RabbitMqServer, KafkaServer, RedisServer   (what a test sees)
 *                                   │
 *                               Deployment: given │ container │ child process ── Recipe (one for each product)
 *                                                                    │
 *                                                    GuardedProcess, ServerFolder (die with this JVM, kill -9 included)
 * </pre>
 *
 * <p>{@link io.eda.testkit.servers.TcpProxy} stands between a client and any of them, and cuts, stalls or delays.
 */
@NullMarked
package io.eda.testkit.servers;

import org.jspecify.annotations.NullMarked;

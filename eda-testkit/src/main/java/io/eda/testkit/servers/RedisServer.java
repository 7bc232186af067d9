package io.eda.testkit.servers;

import io.eda.testkit.servers.ServerOptions.Source;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A running Redis with append-only persistence that is synchronized at every write, so that what it confirmed survives
 * {@link #kill()}.
 *
 * <p>Two tests do not see each other when each puts a {@link #freshKeyPrefix()} before its keys.
 */
public final class RedisServer extends RealServer {

    private static final String PRODUCT = "Redis";
    private static final String VARIABLE = "EDA_REDIS_URI";
    private static final int DEFAULT_PORT = 6379;

    private final String uri;

    private RedisServer(Deployment deployment, String uri) {
        super(deployment);
        this.uri = uri;
    }

    static RedisServer find(Machine machine, ServerOptions options, boolean mayBeGiven) {
        return Search.<RedisServer>of(PRODUCT, machine, options, mayBeGiven)
                .given(VARIABLE, RedisServer::given)
                .look(
                        Source.DOCKER,
                        () -> ContainerDeployment.look(
                                machine, () -> RedisRecipe.image(options), RedisServer::withoutPassword))
                .look(Source.INSTALLED, () -> installed(machine, options))
                .look(Source.JAR, () -> packed(machine, options))
                .orFail("apt-get install -y redis-server (or the like of your system); add " + RedisRecipe.JAR
                        + " to the tests' class path; start Docker; or set " + VARIABLE + " to redis://host:port.");
    }

    /** The URI to connect to, as every Redis client takes it. */
    public String uri() {
        return uri;
    }

    /** A prefix for keys that nobody else uses, ending in a colon. */
    public String freshKeyPrefix() {
        return freshName() + ":";
    }

    RedisServer shared() {
        return new RedisServer(new SharedDeployment(deployment()), uri);
    }

    private static RedisServer withoutPassword(Deployment deployment) {
        return new RedisServer(deployment, "redis://" + deployment.host() + ":" + deployment.port());
    }

    private static RedisServer given(String uri) {
        URI parsed = URI.create(uri);
        if (parsed.getHost() == null) {
            throw new IllegalArgumentException(
                    VARIABLE + " names no host. Write redis://host:port, or redis://:password@host:port/database.");
        }
        int port = parsed.getPort() < 0 ? DEFAULT_PORT : parsed.getPort();
        return new RedisServer(new GivenDeployment(PRODUCT, VARIABLE, parsed.getHost(), port), uri);
    }

    private static Attempt<RedisServer> installed(Machine machine, ServerOptions options) {
        Optional<Path> program = machine.program("redis-server").or(() -> machine.program("valkey-server"));
        return program.map(path -> Attempt.found(() -> started(RedisRecipe.installed(path, options), options)))
                .orElseGet(() -> Attempt.missing("the programs redis-server and valkey-server on the PATH and in "
                        + machine.root() + "usr/bin"));
    }

    private static Attempt<RedisServer> packed(Machine machine, ServerOptions options) {
        return machine.hasClass("redis.embedded.core.ExecutableProvider")
                ? Attempt.found(() -> started(RedisRecipe.packed(options), options))
                : Attempt.missing("the jar " + RedisRecipe.JAR + " on the class path");
    }

    private static RedisServer started(RedisRecipe recipe, ServerOptions options) {
        return withoutPassword(ProcessDeployment.started("redis", recipe, options.folder()));
    }
}

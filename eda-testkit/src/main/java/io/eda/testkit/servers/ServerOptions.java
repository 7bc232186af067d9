package io.eda.testkit.servers;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a dedicated server is found and run.
 *
 * @param source where the server comes from; {@link Source#AUTOMATIC} by default
 * @param port the TCP port; 0, the default, takes a free one
 * @param folder where a child process keeps its data; kept when the server is closed. By default a private folder under
 *     {@code java.io.tmpdir} that is removed on close and when the JVM dies
 * @param settings the product's own settings, over the defaults: {@code postgres -c}, Redis options, Kafka properties,
 *     lines of {@code rabbitmq.conf}
 */
public record ServerOptions(Source source, int port, Optional<Path> folder, Map<String, String> settings) {

    /** Where a server comes from. */
    public enum Source {
        /** The first of the others that answers. */
        AUTOMATIC,
        /** Coordinates in environment variables, such as {@code EDA_POSTGRES_URL}. */
        ENVIRONMENT,
        /** A container, through Testcontainers. */
        DOCKER,
        /** A program installed on this machine. */
        INSTALLED,
        /** A program that is packed in a Maven jar on the class path. */
        JAR
    }

    public ServerOptions {
        requireNonNull(source);
        requireNonNull(folder);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "A server cannot listen on port " + port + ". Use 1 to 65535, or 0 for any free port.");
        }
        settings = Map.copyOf(settings);
    }

    /** Any source, a free port, a private folder, no settings beyond the defaults. */
    public static ServerOptions defaults() {
        return new ServerOptions(Source.AUTOMATIC, 0, Optional.empty(), Map.of());
    }

    /** The defaults, from this source alone. */
    public static ServerOptions from(Source source) {
        return new ServerOptions(source, 0, Optional.empty(), Map.of());
    }

    /** The same on this port. */
    public ServerOptions withPort(int newPort) {
        return new ServerOptions(source, newPort, folder, settings);
    }

    /** The same with data in this folder, which is made if it is missing and stays when the server is closed. */
    public ServerOptions withFolder(Path newFolder) {
        return new ServerOptions(source, port, Optional.of(newFolder), settings);
    }

    /** The same with one more setting of the product. */
    public ServerOptions withSetting(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(name, value);
        return new ServerOptions(source, port, folder, more);
    }
}

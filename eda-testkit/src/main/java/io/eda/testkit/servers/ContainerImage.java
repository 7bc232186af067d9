package io.eda.testkit.servers;

import java.util.List;
import java.util.Map;

/**
 * What one product's container is made from.
 *
 * @param product the product, for people
 * @param name image and tag
 * @param port the port inside the container
 * @param hostPort the port outside: fixed, because a container that is started again would get another one
 * @param environment environment variables; {@link #HOST} stands for the host at which clients see the container
 * @param command the command and its arguments; empty for the image's own
 * @param files contents of files that are copied in before the start, by path
 * @param question asks the server for a real answer
 */
record ContainerImage(
        String product,
        String name,
        int port,
        int hostPort,
        Map<String, String> environment,
        List<String> command,
        Map<String, String> files,
        Question question) {

    static final String HOST = "${HOST}";

    ContainerImage {
        environment = Map.copyOf(environment);
        command = List.copyOf(command);
        files = Map.copyOf(files);
    }
}

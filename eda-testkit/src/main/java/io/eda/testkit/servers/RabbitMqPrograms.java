package io.eda.testkit.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The programs that make a RabbitMQ node.
 *
 * @param scripts the folder of RabbitMQ's own scripts; the wrappers that distributions put on the PATH switch user and
 *     drop the environment
 * @param epmd Erlang's port mapper
 */
record RabbitMqPrograms(Path scripts, Path epmd) {

    static Optional<RabbitMqPrograms> find(Machine machine) {
        Stream<Path> installed = Stream.of(
                        machine.folders("usr/lib/rabbitmq/lib", "rabbitmq_server-*", "sbin"),
                        machine.folders("opt", "rabbitmq*", "sbin"),
                        machine.folders("opt/homebrew/opt", "rabbitmq*", "sbin"),
                        machine.folders("usr/local/opt", "rabbitmq*", "sbin"))
                .flatMap(List::stream);
        Stream<Path> named = machine.variable("RABBITMQ_HOME").map(home -> Path.of(home, "sbin")).stream();
        Optional<Path> scripts = Stream.concat(named, installed)
                .filter(folder -> Files.isExecutable(folder.resolve("rabbitmq-server")))
                .findFirst();
        return scripts.flatMap(folder -> machine.program("epmd").map(epmd -> new RabbitMqPrograms(folder, epmd)));
    }
}

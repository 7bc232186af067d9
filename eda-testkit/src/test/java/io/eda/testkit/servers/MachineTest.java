package io.eda.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class MachineTest {

    @TempDir
    Path root;

    @Test
    void of_several_installed_versions_the_highest_number_comes_first() throws IOException {
        for (String version : List.of("3.9.1", "3.10.8", "3.10.12")) {
            Files.createDirectories(root.resolve("opt/rabbitmq_server-" + version + "/sbin"));
        }
        Machine machine = new Machine(Map.of(), root, ClassLoader.getPlatformClassLoader());

        assertThat(machine.folders("opt", "rabbitmq*", "sbin"))
                .extracting(folder -> folder.getParent().getFileName().toString())
                .containsExactly("rabbitmq_server-3.10.12", "rabbitmq_server-3.10.8", "rabbitmq_server-3.9.1");
    }

    @Test
    void the_path_is_searched_before_the_folders_of_the_system() throws IOException {
        Path own = program("own/bin/redis-server");
        program("usr/bin/redis-server");
        Machine machine =
                new Machine(Map.of("PATH", own.getParent().toString()), root, ClassLoader.getPlatformClassLoader());

        assertThat(machine.program("redis-server")).contains(own);
    }

    private Path program(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}

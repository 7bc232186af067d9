package io.eda.testkit.servers;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class KilledJvmIT {

    @Test
    @Timeout(180)
    void no_process_and_no_folder_outlives_a_jvm_that_is_killed_with_its_process_group(@TempDir Path temporary)
            throws Exception {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        Process doomed = start(temporary);
        try {
            assertThat(outputUntilStarted(doomed))
                    .as("what the doomed JVM said")
                    .endsWith("started");
            Set<ProcessHandle> family = doomed.descendants().collect(toSet());
            assertThat(commands(family)).contains("postgres", "redis", "java", "beam.smp", "epmd", "sh");
            assertThat(serverFolders(temporary)).hasSize(6);

            killWithItsGroup(doomed);

            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(family.stream().filter(Processes::isRunning).map(ProcessHandle::info))
                        .isEmpty();
                assertThat(serverFolders(temporary)).isEmpty();
            });
        } finally {
            doomed.destroyForcibly();
        }
    }

    private static Process start(Path temporary) throws Exception {
        List<String> command = new ArrayList<>();
        // As the leader of a group of its own, so that the group can be killed without this JVM.
        Machine.current().program("setsid").ifPresent(setsid -> command.add(setsid.toString()));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                ServersOfADoomedJvm.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }

    private static List<String> outputUntilStarted(Process doomed) throws Exception {
        List<String> lines = new ArrayList<>();
        BufferedReader out = new BufferedReader(new InputStreamReader(doomed.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            lines.add(line);
            if (line.equals("started")) {
                break;
            }
        }
        return lines;
    }

    private static void killWithItsGroup(Process doomed) {
        String group = Machine.current().program("setsid").isPresent() ? "-" : "";
        Commands.runOrFail(
                List.of("sh", "-c", "kill -s KILL -- " + group + doomed.pid()), Map.of(), Duration.ofSeconds(5));
    }

    private static Set<String> commands(Set<ProcessHandle> family) {
        return family.stream()
                .flatMap(process -> process.info().command().stream())
                .map(command -> Path.of(command).getFileName().toString())
                // What sh and redis-server are links to differs from system to system.
                .map(command -> command.replaceFirst("^(dash|bash|busybox)$", "sh"))
                .map(command -> command.replaceFirst("^(redis|valkey)-.*", "redis"))
                .collect(toSet());
    }

    private static List<Path> serverFolders(Path temporary) throws Exception {
        try (Stream<Path> entries = Files.list(temporary)) {
            return entries.filter(entry -> !entry.getFileName().toString().startsWith("eda-programs"))
                    .filter(entry -> entry.getFileName().toString().startsWith("eda-"))
                    .toList();
        }
    }
}

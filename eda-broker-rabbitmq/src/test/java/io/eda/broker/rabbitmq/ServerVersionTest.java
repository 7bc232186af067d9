package io.eda.broker.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ServerVersionTest {

    @Test
    void versions_are_compared_by_number_and_not_by_text() {
        assertThat(version("3.10.8").isAtLeast(3, 9)).isTrue();
        assertThat(version("3.9.27").isAtLeast(3, 10)).isFalse();
        assertThat(version("4.0.5").isAtLeast(3, 10)).isTrue();
        assertThat(version("4.3.0-rc.1").isAtLeast(4, 3)).isTrue();
    }

    @Test
    void a_server_that_would_lose_dead_letters_is_refused() {
        assertThatThrownBy(() -> version("3.9.27").require())
                .isInstanceOf(RabbitMqRefusedException.class)
                .hasMessageContaining("3.9.27")
                .hasMessageContaining("3.10 or newer is needed");
        version("3.10.0").require();
    }

    @Test
    void a_server_that_tells_no_version_is_taken_for_a_new_one() {
        assertThat(ServerVersion.of(Map.of()).isAtLeast(4, 3)).isTrue();
        assertThat(version("unknown").isAtLeast(4, 3)).isTrue();
    }

    private static ServerVersion version(String text) {
        return ServerVersion.of(Map.of("version", text));
    }
}

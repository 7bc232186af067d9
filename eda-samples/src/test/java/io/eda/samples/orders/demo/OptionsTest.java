package io.eda.samples.orders.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.samples.orders.demo.Options.Bus;
import io.eda.samples.orders.demo.Options.Dedupe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OptionsTest {

    private static final Path HOME = Path.of("home");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            --bogus            | unknown option '--bogus'
            once               | unknown option 'once'
            --port             | --port needs a value
            --port eighty      | --port 'eighty' is no port
            --port -1          | --port -1 is no port
            --port 65536       | --port 65536 is no port
            --orders           | --orders needs a value
            --once --orders a  | exclude each other
            --rebuild --once   | exclude each other
            --bus pigeon       | --bus 'pigeon' is not known: use one of memory, rabbitmq, kafka
            --bus              | --bus needs a value
            --dedupe memory    | --dedupe 'memory' is not known: use one of none, redis
            """)
    void what_makes_no_sense_gets_one_clear_line(String arguments, String reason) {
        assertThatThrownBy(() -> Options.parse(List.of(arguments.split(" ")), HOME))
                .isInstanceOf(DemoException.class)
                .hasMessageContaining(reason)
                .message()
                .hasLineCount(1);
    }

    @Test
    void without_options_it_serves_the_kept_data_on_port_8080() {
        assertThat(Options.parse(List.of(), HOME))
                .isEqualTo(new Options(
                        false, false, false, Optional.empty(), 8080, Path.of("home/demo"), Bus.MEMORY, Dedupe.NONE));
    }

    @Test
    void options_are_read() {
        assertThat(Options.parse(List.of("--orders", "-", "--data", "/d", "--port", "0"), HOME))
                .isEqualTo(
                        new Options(false, false, false, Optional.of("-"), 0, Path.of("/d"), Bus.MEMORY, Dedupe.NONE));
        Options servers = Options.parse(List.of("--bus", "kafka", "--dedupe", "redis"), HOME);
        assertThat(servers.bus()).isEqualTo(Bus.KAFKA);
        assertThat(servers.dedupe()).isEqualTo(Dedupe.REDIS);
    }
}

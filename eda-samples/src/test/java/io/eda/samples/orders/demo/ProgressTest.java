package io.eda.samples.orders.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.samples.orders.demo.Progress.Style;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProgressTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
    private long nanoTime = 7;

    @Test
    void on_a_terminal_one_line_is_written_over_again_and_cleared() {
        Progress progress = new Progress(out, Style.LINE_ON_A_TERMINAL, () -> nanoTime);
        progress.show(() -> "too early");
        after(Duration.ofMillis(100));
        progress.show(() -> "first");
        after(Duration.ofMillis(99));
        progress.show(() -> "too early");
        after(Duration.ofMillis(1));
        progress.show(() -> "second");
        progress.clear();
        progress.clear();
        assertThat(written()).isEqualTo("\r\033[Kfirst\r\033[Ksecond\r\033[K");
    }

    @Test
    void elsewhere_plain_lines_come_now_and_then() {
        Progress progress = new Progress(out, Style.PLAIN_LINES, () -> nanoTime);
        after(Duration.ofMillis(4_999));
        progress.show(() -> "too early");
        after(Duration.ofMillis(1));
        progress.show(() -> "first");
        progress.clear();
        after(Duration.ofSeconds(5));
        progress.show(() -> "second");
        assertThat(written()).isEqualTo(String.format("first%nsecond%n"));
    }

    @Test
    void nothing_is_nothing() {
        Progress progress = new Progress(out, Style.NOTHING, () -> nanoTime);
        after(Duration.ofHours(1));
        progress.show(() -> "nobody listens");
        assertThat(written()).isEmpty();
    }

    @Test
    void a_file_that_is_read_shows_a_bar_with_percent_and_the_time_left() throws Exception {
        CountedInput in = new CountedInput(new ByteArrayInputStream(new byte[200]), 200);
        assertThat(in.bar()).isEmpty();
        assertThat(in.readNBytes(50)).hasSize(50);
        assertThat(in.bar(Duration.ofSeconds(2).toNanos())).isEqualTo("[#####---------------]  25 %  6 s left  ");
        assertThat(in.readAllBytes()).hasSize(150);
        assertThat(in.bar(Duration.ofSeconds(8).toNanos())).isEqualTo("[####################] 100 %  0 s left  ");
        CountedInput unknown = new CountedInput(new ByteArrayInputStream(new byte[2]), 0);
        assertThat(unknown.read()).isZero();
        assertThat(unknown.bar()).isEmpty();
    }

    private void after(Duration time) {
        nanoTime += time.toNanos();
    }

    private String written() {
        return written.toString(StandardCharsets.UTF_8);
    }
}

package io.eda.samples.orders.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.samples.orders.demo.LineReader.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LineReaderTest {

    @Test
    void a_line_that_is_too_long_is_told_and_the_next_one_read() throws IOException {
        assertThat(read("12345678\n123456789\nend")).containsExactly("1:12345678", "2:too long", "3:end");
    }

    @Test
    void an_empty_input_has_no_line_and_the_last_line_needs_no_end() throws IOException {
        assertThat(read("")).isEmpty();
        assertThat(read("a\n")).containsExactly("1:a");
        assertThat(read("a\n\nb")).containsExactly("1:a", "2:blank", "3:b");
        assertThat(read("a\r\n \r\n")).containsExactly("1:a\r", "2:blank");
    }

    private static List<String> read(String text) throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 8);
        List<String> lines = new ArrayList<>();
        for (Optional<Line> line = reader.next(); line.isPresent(); line = reader.next()) {
            Line read = line.get();
            String content = read.isTooLong()
                    ? "too long"
                    : read.isBlank() ? "blank" : new String(read.text(), StandardCharsets.UTF_8);
            lines.add(read.number() + ":" + content);
        }
        return lines;
    }
}

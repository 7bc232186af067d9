package io.eda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The guide shows the adapter that is compiled and passes the suite. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class WritingAnAdapterTest {

    private static final Path GUIDE = Path.of("..", "docs", "guides", "writing-an-adapter.md");
    private static final Path SOURCES = Path.of("src", "test", "java", "io", "eda", "testkit", "transport");
    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void every_piece_of_code_in_the_guide_is_compiled_here() throws IOException {
        StringBuilder sources = new StringBuilder();
        for (String name : List.of("LocalConnection", "LocalReceiver", "LocalBrokerContract", "LocalBrokerTest")) {
            sources.append(withoutIndent(Files.readString(SOURCES.resolve(name + ".java"))));
        }

        List<String> pieces = CODE.matcher(Files.readString(GUIDE))
                .results()
                .map(found -> withoutIndent(found.group(1)))
                .toList();

        assertThat(pieces).hasSizeGreaterThan(5).allSatisfy(piece -> assertThat(sources.toString())
                .contains(piece));
    }

    private static String withoutIndent(String code) {
        return code.lines().map(line -> line.strip() + "\n").reduce("", String::concat);
    }
}

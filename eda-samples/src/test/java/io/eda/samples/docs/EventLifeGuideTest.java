package io.eda.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.observation.EventLife;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The guide to an event's life shows code that is compiled, and tells what it prints. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EventLifeGuideTest {

    private static final Path GUIDE = Path.of("..", "docs", "guides", "event-life.md");
    private static final Path SOURCE =
            Path.of("src", "test", "java", "io", "eda", "samples", "docs", "EventLifeGuide.java");
    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void every_piece_of_code_in_the_guide_is_compiled() throws IOException {
        String source = withoutIndent(Files.readString(SOURCE));
        List<String> pieces = CODE.matcher(Files.readString(GUIDE))
                .results()
                .map(found -> withoutIndent(found.group(1)))
                .toList();
        assertThat(pieces).hasSizeGreaterThan(3).allSatisfy(piece -> assertThat(source)
                .contains(piece));
    }

    @Test
    void it_tells_the_life_of_an_order() throws Exception {
        try (EventLifeGuide guide = new EventLifeGuide()) {
            EventLife life = guide.lifeOfAnOrder();
            assertThat(life.asText())
                    .contains("order.created of order/A-1, version 1, was decided because of")
                    .contains("The relay 'relay' has published it: its checkpoint is at 1.")
                    .contains("The projection 'order_views' has handled it: its checkpoint is at 1.");
            assertThat(EventLifeGuide.stuck(life)).isEmpty();
        }
    }

    private static String withoutIndent(String code) {
        return code.lines().map(line -> line.strip() + "\n").reduce("", String::concat);
    }
}

package io.eda.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.samples.quickstart.GettingStarted;
import io.eda.samples.quickstart.Quickstart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What the documents say exists, compiles and runs. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DocumentationTest {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT|Contract))\\.(\\w+)`");

    @Test
    void every_piece_of_code_is_compiled_somewhere() throws IOException {
        List<String> sources = files(".java").map(file -> squashed(read(file))).toList();
        List<String> pieces = new ArrayList<>();
        List<String> invented = new ArrayList<>();
        for (Path document : documents()) {
            CODE.matcher(read(document)).results().map(found -> found.group(1)).forEach(piece -> {
                pieces.add(piece);
                if (sources.stream().noneMatch(source -> source.contains(squashed(piece)))) {
                    invented.add(PROJECT.relativize(document) + ":\n" + piece);
                }
            });
        }
        assertThat(pieces).hasSizeGreaterThan(30);
        assertThat(invented).isEmpty();
    }

    /** Lines are broken otherwise in a document, and comments are for its readers. */
    private static String squashed(String code) {
        return code.replaceAll("//.*", "").replaceAll("\\s", "");
    }

    @Test
    void the_example_of_the_readme_prints_what_it_says() throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            Quickstart.main(new String[0]);
        } finally {
            System.setOut(console);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("{ada=750}");
    }

    @Test
    void the_steps_of_getting_started_lead_to_what_they_say() throws Exception {
        assertThat(GettingStarted.balances()).isEqualTo(Map.of("ada", 750L));
        ReactionsGuide.anUnpaidOrderIsNotShipped();
    }

    @Test
    void every_link_leads_somewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            LINK.matcher(read(document)).results().map(found -> found.group(1)).forEach(target -> {
                if (!Files.exists(document.resolveSibling(target))) {
                    broken.add(PROJECT.relativize(document) + " → " + target);
                }
            });
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void every_promise_names_tests_that_exist() throws IOException {
        String guarantees = read(PROJECT.resolve("docs/guarantees.md"));
        List<MatchResult> named = TEST.matcher(guarantees).results().toList();
        assertThat(named).hasSizeGreaterThan(20);
        List<String> missing = new ArrayList<>();
        for (MatchResult test : named) {
            if (!hasTest(test.group(1), test.group(2))) {
                missing.add(test.group());
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void every_row_of_the_guarantees_names_a_test() throws IOException {
        List<String> rows = read(PROJECT.resolve("docs/guarantees.md"))
                .lines()
                .filter(line -> line.startsWith("| **"))
                .toList();
        assertThat(rows).isNotEmpty().allSatisfy(row -> assertThat(row).containsPattern(TEST));
    }

    private static boolean hasTest(String testClass, String method) throws IOException {
        return files(testClass + ".java").anyMatch(file -> read(file).contains("void " + method + "("));
    }

    private static List<Path> documents() throws IOException {
        return files(".md").toList();
    }

    private static Stream<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(PROJECT)) {
            return files
                    .filter(file -> file.toString().endsWith(ending))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList()
                    .stream();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

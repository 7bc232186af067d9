package io.eda.store.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Collectors;

/** The SQL of this module, one object or statement a file; {@code ${schema}} stands for the quoted schema. */
final class SqlFile {

    private SqlFile() {}

    /** Returns the text of {@code path} for {@code schema}, without the comments, which are for people. */
    static String read(String path, String schema) {
        return text(path, schema)
                .lines()
                .filter(line -> !line.isBlank() && !line.strip().startsWith("--"))
                .collect(Collectors.joining("\n"));
    }

    /** Returns the whole text of {@code path} for {@code schema}. */
    static String text(String path, String schema) {
        try (InputStream in = SqlFile.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("The resource " + path + " is missing beside " + SqlFile.class.getName()
                        + ": the jar was repackaged without its resources");
            }
            return new String(in.readAllBytes(), UTF_8).replace("${schema}", '"' + schema + '"');
        } catch (IOException e) {
            throw new UncheckedIOException("The resource " + path + " cannot be read", e);
        }
    }
}

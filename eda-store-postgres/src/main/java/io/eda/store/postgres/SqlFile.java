package io.eda.store.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The SQL of this module, one object or statement a file; {@code ${schema}} stands for the quoted schema. */
final class SqlFile {

    // Statements by their files: some are asked for at every call.
    private static final Map<String, String> STATEMENTS = new ConcurrentHashMap<>();

    private SqlFile() {}

    /** Returns the text of {@code path} for {@code schema}, without the comments, which are for people. */
    static String read(String path, String schema) {
        return of(schema, STATEMENTS.computeIfAbsent(path, SqlFile::withoutComments));
    }

    /** Returns the whole text of {@code path} for {@code schema}. */
    static String text(String path, String schema) {
        return of(schema, text(path));
    }

    private static String of(String schema, String text) {
        return text.replace("${schema}", '"' + schema + '"');
    }

    private static String withoutComments(String path) {
        return text(path)
                .lines()
                .filter(line -> !line.isBlank() && !line.strip().startsWith("--"))
                .collect(Collectors.joining("\n"));
    }

    private static String text(String path) {
        try (InputStream in = SqlFile.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("The resource " + path + " is missing beside " + SqlFile.class.getName()
                        + ": the jar was repackaged without its resources");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The resource " + path + " cannot be read", e);
        }
    }
}

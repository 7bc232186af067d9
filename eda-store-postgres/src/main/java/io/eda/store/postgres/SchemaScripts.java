package io.eda.store.postgres;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The scripts of a schema as other migration tools want them: complete, with their comments, and in their order. */
final class SchemaScripts {

    private SchemaScripts() {}

    /** Returns the text of every script under the name of its file. */
    static Map<String, String> of(String schema) {
        Map<String, String> scripts = new LinkedHashMap<>();
        scripts.put(
                "schema_steps.sql",
                "create schema if not exists \"" + schema + "\";\n" + SqlFile.text("schema/schema_steps.sql", schema));
        Stream.of(
                        EventSchema.EVENTS,
                        EventSchema.CHECKPOINTS,
                        EventSchema.SNAPSHOTS,
                        EventSchema.INBOX,
                        EventSchema.PARKED)
                .flatMap(List::stream)
                .forEach(step -> scripts.put(step + ".sql", script(schema, step)));
        return scripts;
    }

    /** With the entry that keeps a later start with {@code CREATE} from applying it again. */
    private static String script(String schema, String step) {
        return SqlFile.text("schema/" + step + ".sql", schema) + "\ninsert into \"" + schema
                + "\".schema_steps (name) values ('" + step + "');\n";
    }
}

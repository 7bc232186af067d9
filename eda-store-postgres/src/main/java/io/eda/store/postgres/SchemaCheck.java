package io.eda.store.postgres;

import io.eda.store.EventStorageException;
import io.eda.store.postgres.Connections.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares a schema that somebody else has made with what the scripts of this version would have made. What is there beside
 * it, an index for a report for example, is nobody's business.
 */
final class SchemaCheck {

    private final String schema;

    SchemaCheck(String schema) {
        this.schema = schema;
    }

    /**
     * One line of {@code schema/description.txt}.
     *
     * @param step the script that makes the object
     * @param object its kind and name
     * @param definition what matters about it
     */
    record Described(String step, String object, String definition) {

        static Described parse(String line) {
            String[] parts = line.split("\\|", 3);
            return new Described(parts[0].strip(), parts[1].strip(), parts[2].strip());
        }

        /** Returns the table that the object belongs to, or the object itself. */
        private String table() {
            return object.replaceFirst("^(column|constraint) ([^.]+)\\..*", "table $2");
        }
    }

    /** Refuses a schema in which something of {@code steps} is missing or different. */
    void check(Session session, Collection<String> steps) throws SQLException {
        List<String> differences = differences(find(session), steps);
        if (!differences.isEmpty()) {
            throw new EventStorageException("The schema " + schema + " is not as this version needs it, and"
                    + " PostgresOptions.schemaManagement forbids to change it: " + String.join("; ", differences)
                    + ". Apply the scripts named here; PostgresEventStorage.schemaScripts returns all of them in their order,"
                    + " and they lie in this jar under io/eda/store/postgres/schema.");
        }
    }

    private static List<String> differences(Map<String, String> found, Collection<String> steps) {
        List<String> differences = new ArrayList<>();
        for (Described described : description()) {
            // Where a table is missing, its columns say nothing new.
            boolean isOfMissingTable =
                    !described.table().equals(described.object()) && !found.containsKey(described.table());
            if (!steps.contains(described.step()) || isOfMissingTable) {
                continue;
            }
            String definition = found.get(described.object());
            if (definition == null) {
                differences.add(described.object() + " is missing, see schema/" + described.step() + ".sql");
            } else if (!definition.equals(described.definition())) {
                differences.add(described.object() + " is '" + definition + "', not '" + described.definition()
                        + "', see schema/" + described.step() + ".sql");
            }
        }
        return differences;
    }

    static List<Described> description() {
        return SqlFile.text("schema/description.txt", "")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("--"))
                .map(Described::parse)
                .toList();
    }

    /** Returns what is there, each object with its definition. */
    Map<String, String> find(Session session) throws SQLException {
        Map<String, String> found = new HashMap<>();
        if (!exists(session)) {
            return found;
        }
        String sql = SqlFile.read("statement/describe_schema.sql", schema);
        try (PreparedStatement statement = session.prepare(sql)) {
            int parameters = (int) sql.chars().filter(c -> c == '?').count();
            for (int i = 1; i <= parameters; i++) {
                statement.setString(i, '"' + schema + '"');
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getString(1), rows.getString(2));
                }
            }
        }
        return found;
    }

    private boolean exists(Session session) throws SQLException {
        try (PreparedStatement statement = session.prepare("select 1 from pg_namespace where nspname = ?")) {
            statement.setString(1, schema);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }
}

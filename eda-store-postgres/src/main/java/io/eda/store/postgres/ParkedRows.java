package io.eda.store.postgres;

import io.eda.parking.ParkedKey;
import io.eda.store.postgres.Connections.Session;
import io.eda.transport.Message;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of parked keys and of their messages, read and written in the transaction of a session. Thread-safe. */
final class ParkedRows {

    // PostgreSQL's texts hold every character but this one; it stands in them as the picture of itself.
    private static final char NUL = '\0';
    private static final char PICTURE_OF_NUL = '\u2400';

    private final String schema;

    ParkedRows(String schema) {
        this.schema = schema;
    }

    /**
     * The row of a key, which the transaction has locked.
     *
     * @param number its own
     * @param messages how many messages it has
     * @param heldBy who has it in hand now
     */
    record Locked(long number, long messages, Optional<String> heldBy) {

        private static Optional<Locked> from(ResultSet row) throws SQLException {
            if (!row.next()) {
                return Optional.empty();
            }
            boolean isHeld = row.getBoolean(3);
            String owner = row.getString(4);
            return Optional.of(
                    new Locked(row.getLong(1), row.getLong(2), isHeld ? Optional.ofNullable(owner) : Optional.empty()));
        }
    }

    /** Locks the row of {@code key}, if it is parked. */
    Optional<Locked> lock(Session session, ParkedKey key) throws SQLException {
        return locked(session, "lock_parked_key", key);
    }

    /** Locks the row of {@code key}, which is made where it is missing. */
    Locked begin(Session session, ParkedKey key) throws SQLException {
        return locked(session, "begin_parked_key", key).orElseThrow();
    }

    private Optional<Locked> locked(Session session, String file, ParkedKey key) throws SQLException {
        try (PreparedStatement statement = prepare(session, file, group(key), topic(key), name(key));
                ResultSet row = statement.executeQuery()) {
            return Locked.from(row);
        }
    }

    Set<ParkedKey> parkedOf(Session session, Collection<ParkedKey> keys) throws SQLException {
        // As the caller wrote them: what comes back from the server may have pictures in it.
        Map<ParkedKey, ParkedKey> asked = new HashMap<>();
        keys.forEach(key -> asked.put(new ParkedKey(group(key), topic(key), name(key)), key));
        Set<ParkedKey> found = new LinkedHashSet<>();
        try (PreparedStatement statement = prepare(session, "parked_of_keys")) {
            statement.setArray(
                    1,
                    texts(session, asked.keySet().stream().map(ParkedKey::group).toList()));
            statement.setArray(
                    2,
                    texts(session, asked.keySet().stream().map(ParkedKey::topic).toList()));
            statement.setArray(
                    3,
                    texts(session, asked.keySet().stream().map(ParkedKey::key).toList()));
            for (ParkedKey key : keys(statement)) {
                found.add(asked.getOrDefault(key, key));
            }
        }
        return found;
    }

    List<ParkedKey> keys(Session session, String group, int limit) throws SQLException {
        try (PreparedStatement statement = prepare(session, "parked_keys_of_group", text(group), limit)) {
            return keys(statement);
        }
    }

    private static List<ParkedKey> keys(PreparedStatement statement) throws SQLException {
        List<ParkedKey> keys = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                keys.add(new ParkedKey(rows.getString(1), rows.getString(2), rows.getString(3)));
            }
        }
        return keys;
    }

    List<Message> messages(Session session, ParkedKey key, int limit) throws SQLException {
        try (PreparedStatement statement =
                        prepare(session, "messages_of_parked_key", group(key), topic(key), name(key), limit);
                ResultSet rows = statement.executeQuery()) {
            List<Message> messages = new ArrayList<>();
            while (rows.next()) {
                messages.add(new Message(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4),
                        headers(rows.getArray(5), rows.getArray(6)),
                        rows.getBytes(7)));
            }
            return messages;
        }
    }

    boolean isParked(Session session, Locked key, String id) throws SQLException {
        try (PreparedStatement statement = prepare(session, "is_parked", key.number(), text(id));
                ResultSet row = statement.executeQuery()) {
            return row.next();
        }
    }

    long count(Session session, String group) throws SQLException {
        try (PreparedStatement statement = prepare(session, "count_parked", text(group));
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    void add(Session session, Locked key, Message message) throws SQLException {
        try (PreparedStatement statement = prepare(session, "park_message", key.number())) {
            bind(session, statement, 2, message);
            statement.executeUpdate();
        }
        update(session, "count_one_more_parked", key.number());
    }

    void replaceFirst(Session session, Locked key, Message message) throws SQLException {
        try (PreparedStatement statement = prepare(session, "replace_first_parked")) {
            bind(session, statement, 1, message);
            statement.setLong(8, key.number());
            statement.executeUpdate();
        }
    }

    /** Forgets a message, and its key with the last one; returns whether it was there. */
    boolean remove(Session session, Locked key, String id) throws SQLException {
        if (update(session, "remove_parked_message", key.number(), text(id)) == 0) {
            return false;
        }
        update(session, key.messages() == 1 ? "end_parked_key" : "count_one_less_parked", key.number());
        return true;
    }

    /** Takes a released key for {@code owner}, and returns it with its group. */
    Optional<ParkedKey> take(Session session, String group, String owner, long millis) throws SQLException {
        try (PreparedStatement statement = prepare(session, "take_parked_key", owner, millis, text(group));
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? Optional.of(new ParkedKey(group, row.getString(1), row.getString(2)))
                    : Optional.empty();
        }
    }

    int update(Session session, String file, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(session, file, parameters)) {
            return statement.executeUpdate();
        }
    }

    int updateKey(Session session, String file, ParkedKey key) throws SQLException {
        return update(session, file, group(key), topic(key), name(key));
    }

    int extend(Session session, ParkedKey key, String owner, long millis) throws SQLException {
        return update(session, "extend_parked_lease", millis, group(key), topic(key), name(key), owner);
    }

    private static void bind(Session session, PreparedStatement statement, int first, Message message)
            throws SQLException {
        List<String> names = List.copyOf(message.headers().keySet());
        List<String> values = names.stream()
                .map(name -> message.headers().getOrDefault(name, ""))
                .toList();
        statement.setString(first, text(message.id()));
        statement.setString(first + 1, text(message.topic()));
        statement.setString(first + 2, text(message.type()));
        statement.setString(first + 3, text(message.key()));
        statement.setArray(first + 4, texts(session, names));
        statement.setArray(first + 5, texts(session, values));
        statement.setBytes(first + 6, message.body());
    }

    private static Map<String, String> headers(Array names, Array values) throws SQLException {
        @Nullable Object[] name = (@Nullable Object[]) names.getArray();
        @Nullable Object[] value = (@Nullable Object[]) values.getArray();
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < name.length; i++) {
            headers.put(String.valueOf(name[i]), String.valueOf(value[i]));
        }
        return headers;
    }

    private static Array texts(Session session, Collection<String> texts) throws SQLException {
        return session.connection()
                .createArrayOf("text", texts.stream().map(ParkedRows::text).toArray());
    }

    private static String group(ParkedKey key) {
        return text(key.group());
    }

    private static String topic(ParkedKey key) {
        return text(key.topic());
    }

    private static String name(ParkedKey key) {
        return text(key.key());
    }

    private static String text(String text) {
        return text.indexOf(NUL) < 0 ? text : text.replace(NUL, PICTURE_OF_NUL);
    }

    private PreparedStatement prepare(Session session, String file, Object... parameters) throws SQLException {
        PreparedStatement statement = session.prepare(SqlFile.read("statement/" + file + ".sql", schema));
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}

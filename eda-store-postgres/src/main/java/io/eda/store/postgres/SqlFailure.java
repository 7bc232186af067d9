package io.eda.store.postgres;

import java.sql.SQLException;

/** What an error of a statement that commits by itself says about its effect. */
enum SqlFailure {
    /** Another writer was at the same key, or the server asks to try again: nothing was stored. */
    COLLISION,
    /** The server refused it and rolled it back: nothing was stored. */
    REFUSAL,
    /** The conversation broke off: it may have been stored or not. */
    LOST;

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String SERIALIZATION_FAILURE = "40001";
    private static final String DEADLOCK = "40P01";

    /** Classifies an error that came while a statement was under way. */
    static SqlFailure of(SQLException e) {
        String state = e.getSQLState();
        if (state == null) {
            return LOST;
        }
        if (state.equals(UNIQUE_VIOLATION) || state.equals(SERIALIZATION_FAILURE) || state.equals(DEADLOCK)) {
            return COLLISION;
        }
        // 57P0x: the session is being ended from outside, which can also hit it between its commit and its answer.
        // 40003: the server itself does not know. 60000, 99999: the driver does not.
        boolean isLost = state.startsWith("08")
                || state.startsWith("57P")
                || state.equals("40003")
                || state.equals("60000")
                || state.equals("99999");
        return isLost ? LOST : REFUSAL;
    }

    /** Returns whether {@code e} tells that a transaction in its snapshot met a newer row. */
    static boolean isSerializationFailure(SQLException e) {
        return SERIALIZATION_FAILURE.equals(e.getSQLState());
    }

    /**
     * Returns whether {@code e} says that the server, the connection or the moment is to blame, rather than the statement: the
     * same statement may succeed later.
     */
    static boolean isOutage(SQLException e) {
        String state = e.getSQLState();
        return of(e) == LOST
                || SERIALIZATION_FAILURE.equals(state)
                || DEADLOCK.equals(state)
                // 57014: cancelled, by a timeout for example; 53: out of connections, memory, disk; 55P03: a lock was
                // not available; 58, XX: the system; 25P03: a
                // transaction was idle for too long; 25006: the server became a standby.
                || state.equals("57014")
                || state.startsWith("53")
                || state.equals("55P03")
                || state.startsWith("58")
                || state.startsWith("XX")
                || state.equals("25P03")
                || state.equals("25006");
    }
}

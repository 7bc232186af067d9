package io.eda.store.postgres;

import java.sql.SQLException;

/**
 * A statement was sent, and no answer came.
 *
 * @param pid the server process that may still be at it, or {@link #NO_PID} where the driver does not tell
 * @param cause how the connection ended
 */
record LostAnswer(int pid, SQLException cause) {

    static final int NO_PID = 0;
}

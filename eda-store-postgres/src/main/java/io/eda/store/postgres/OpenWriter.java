package io.eda.store.postgres;

import java.time.Duration;

/**
 * A transaction that has written to the event table and not ended.
 *
 * @param transaction its virtual transaction id
 * @param pid its server process, 0 for a prepared transaction
 * @param age how long ago it began, zero where the role may not see it
 * @param state what its session does, such as {@code idle in transaction}
 * @param application the session's application name
 * @param query its last statement
 */
record OpenWriter(String transaction, int pid, Duration age, String state, String application, String query) {}

package io.eda.store.postgres;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/**
 * The limits of the PostgreSQL adapters, and the schema that they live in.
 *
 * <p>How long it may take to get a connection, and to open one to a server that does not answer, is the business of the
 * {@code DataSource}: set HikariCP's {@code connectionTimeout} and the driver's {@code loginTimeout} below
 * {@code appendDeadline}, and the driver's {@code cancelSignalTimeout} to a second or two: a statement on a frozen server
 * ends that much later.
 *
 * @param schema the schema of all tables: a letter or {@code _}, then letters, digits, {@code _}, up to 63 characters;
 *     upper and lower case differ. Default {@code eda}
 * @param statementTimeout how long one statement may run before it is cancelled, from 1 second, in whole seconds; a server
 *     that does not even answer the cancellation is given up 2 seconds later. Default 5 seconds
 * @param appendDeadline how long one append may take with all its attempts, at least {@code statementTimeout}; within it an
 *     append whose connection was lost is asked for again. Default 15 seconds
 * @param lanes how many statements append at the same time, each with one connection: 1 to 64. Default 2
 * @param maxWaitingAppends how many appends may wait for a lane before callers wait to join them, from 1. Default 10 000
 * @param maxWaitingBytes how many bytes of data they may have together, from 1. Default 64 MiB
 * @param shortestPoll how soon after a change readers look for the next one, from 1 millisecond. Default 5 ms
 * @param longestPoll how often waiting readers look when nothing changes: the longest delay of an event that another
 *     process has written. Default 250 ms
 * @param maxLimit the most events that one read may ask for. Default 10 000
 */
public record PostgresOptions(
        String schema,
        Duration statementTimeout,
        Duration appendDeadline,
        int lanes,
        int maxWaitingAppends,
        long maxWaitingBytes,
        Duration shortestPoll,
        Duration longestPoll,
        int maxLimit) {

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    private static final PostgresOptions DEFAULTS = new PostgresOptions(
            "eda",
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            2,
            10_000,
            64 << 20,
            Duration.ofMillis(5),
            Duration.ofMillis(250),
            10_000);

    /** Checks every limit. */
    public PostgresOptions {
        if (!IDENTIFIER.matcher(schema).matches() || schema.startsWith("pg_")) {
            throw new IllegalArgumentException("'" + schema + "' cannot be a schema: use a letter or '_', then letters,"
                    + " digits and '_', up to 63 characters, not beginning with 'pg_', such as 'eda'");
        }
        if (statementTimeout.compareTo(Duration.ofSeconds(1)) < 0
                || !statementTimeout.equals(statementTimeout.truncatedTo(ChronoUnit.SECONDS))) {
            throw new IllegalArgumentException("The statement timeout is " + statementTimeout
                    + ": use whole seconds, at least one, which is all that JDBC can tell a server");
        }
        if (appendDeadline.compareTo(statementTimeout) < 0) {
            throw new IllegalArgumentException(
                    "The append deadline is " + appendDeadline + ", shorter than one statement's timeout, "
                            + statementTimeout + ": let it hold for some attempts");
        }
        if (lanes < 1 || lanes > 64 || maxWaitingAppends < 1 || maxWaitingBytes < 1) {
            throw new IllegalArgumentException("Appends are to run in " + lanes + " lanes, with " + maxWaitingAppends
                    + " of " + maxWaitingBytes + " bytes waiting: use 1 to 64 lanes, and let at least 1 wait");
        }
        if (shortestPoll.compareTo(Duration.ofMillis(1)) < 0 || longestPoll.compareTo(shortestPoll) < 0) {
            throw new IllegalArgumentException("Polls are to be " + shortestPoll + " to " + longestPoll
                    + " apart: use at least 1 ms, and a longest that is not shorter than the shortest");
        }
        if (maxLimit < 1) {
            throw new IllegalArgumentException("Reads may ask for " + maxLimit + " events at most: allow at least 1");
        }
    }

    /** Returns the defaults. */
    public static PostgresOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a copy with another schema. */
    public PostgresOptions withSchema(String newSchema) {
        return new PostgresOptions(
                newSchema,
                statementTimeout,
                appendDeadline,
                lanes,
                maxWaitingAppends,
                maxWaitingBytes,
                shortestPoll,
                longestPoll,
                maxLimit);
    }

    /** Returns a copy with other deadlines. */
    public PostgresOptions withDeadlines(Duration newStatementTimeout, Duration newAppendDeadline) {
        return new PostgresOptions(
                schema,
                newStatementTimeout,
                newAppendDeadline,
                lanes,
                maxWaitingAppends,
                maxWaitingBytes,
                shortestPoll,
                longestPoll,
                maxLimit);
    }

    /** Returns a copy with another number of lanes. */
    public PostgresOptions withLanes(int newLanes) {
        return new PostgresOptions(
                schema,
                statementTimeout,
                appendDeadline,
                newLanes,
                maxWaitingAppends,
                maxWaitingBytes,
                shortestPoll,
                longestPoll,
                maxLimit);
    }

    /** Returns a copy that lets another number of appends, and of their bytes, wait for a lane. */
    public PostgresOptions withMaxWaiting(int appends, long bytes) {
        return new PostgresOptions(
                schema, statementTimeout, appendDeadline, lanes, appends, bytes, shortestPoll, longestPoll, maxLimit);
    }

    /** Returns a copy that polls at other intervals. */
    public PostgresOptions withPolls(Duration newShortestPoll, Duration newLongestPoll) {
        return new PostgresOptions(
                schema,
                statementTimeout,
                appendDeadline,
                lanes,
                maxWaitingAppends,
                maxWaitingBytes,
                newShortestPoll,
                newLongestPoll,
                maxLimit);
    }

    /** Returns a copy with another limit for reads. */
    public PostgresOptions withMaxLimit(int newMaxLimit) {
        return new PostgresOptions(
                schema,
                statementTimeout,
                appendDeadline,
                lanes,
                maxWaitingAppends,
                maxWaitingBytes,
                shortestPoll,
                longestPoll,
                newMaxLimit);
    }
}

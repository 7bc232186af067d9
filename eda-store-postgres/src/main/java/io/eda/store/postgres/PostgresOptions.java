package io.eda.store.postgres;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
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
 * @param maxPageBytes about how many bytes of events one page of all events may have, from 1: a page of larger events ends
 *     earlier, judged by the size of those before. Default 8 MiB
 * @param recentBytes about how many bytes of the latest events are kept in memory, so that many readers near the end share
 *     one read; 0 keeps none. Default 16 MiB
 * @param maxParked how many messages one group may have parked before parking more fails, from 1; of many who park at the same
 *     moment each may go over it by one. Default 100 000
 * @param wakeUps whether processes tell each other about appends with {@code NOTIFY}, at most every 10 ms; without, a
 *     process learns of another's events by polling alone. While anybody waits for events, this holds one connection of the
 *     {@code DataSource}: let a pool have two more than {@code lanes}. Default true
 * @param schemaManagement who creates the tables. Default {@link SchemaManagement#CREATE}
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
        int maxLimit,
        long maxPageBytes,
        long recentBytes,
        long maxParked,
        boolean wakeUps,
        SchemaManagement schemaManagement) {

    /** Who creates the tables and brings them up to date. */
    public enum SchemaManagement {
        /** This library, at the start, where something is missing. Needs a role that may create it once. */
        CREATE,
        /**
         * Somebody else, with the scripts of {@link PostgresEventStorage#schemaScripts}. Nothing is created; what is missing or
         * different is an error at the start that lists it.
         */
        VALIDATE
    }

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    private static final PostgresOptions DEFAULTS = new Draft().finish();

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
        if (maxPageBytes < 1 || recentBytes < 0) {
            throw new IllegalArgumentException("Pages may have " + maxPageBytes + " bytes, and " + recentBytes
                    + " bytes of recent events are kept: allow at least 1 byte a page, and 0 or more of recent events");
        }
        if (maxParked < 1) {
            throw new IllegalArgumentException(
                    "A group may have " + maxParked + " messages parked at most: allow at least 1");
        }
    }

    /** Returns the defaults. */
    public static PostgresOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a copy with another schema. */
    public PostgresOptions withSchema(String newSchema) {
        return with(draft -> draft.schema = newSchema);
    }

    /** Returns a copy with another way to get the tables. */
    public PostgresOptions withSchemaManagement(SchemaManagement newSchemaManagement) {
        return with(draft -> draft.schemaManagement = newSchemaManagement);
    }

    /** Returns a copy with other deadlines. */
    public PostgresOptions withDeadlines(Duration newStatementTimeout, Duration newAppendDeadline) {
        return with(draft -> {
            draft.statementTimeout = newStatementTimeout;
            draft.appendDeadline = newAppendDeadline;
        });
    }

    /** Returns a copy with another number of lanes. */
    public PostgresOptions withLanes(int newLanes) {
        return with(draft -> draft.lanes = newLanes);
    }

    /** Returns a copy that lets another number of appends, and of their bytes, wait for a lane. */
    public PostgresOptions withMaxWaiting(int appends, long bytes) {
        return with(draft -> {
            draft.maxWaitingAppends = appends;
            draft.maxWaitingBytes = bytes;
        });
    }

    /** Returns a copy that polls at other intervals. */
    public PostgresOptions withPolls(Duration newShortestPoll, Duration newLongestPoll) {
        return with(draft -> {
            draft.shortestPoll = newShortestPoll;
            draft.longestPoll = newLongestPoll;
        });
    }

    /** Returns a copy with another limit for reads. */
    public PostgresOptions withMaxLimit(int newMaxLimit) {
        return with(draft -> draft.maxLimit = newMaxLimit);
    }

    /** Returns a copy with pages of another size, in bytes. */
    public PostgresOptions withMaxPageBytes(long newMaxPageBytes) {
        return with(draft -> draft.maxPageBytes = newMaxPageBytes);
    }

    /** Returns a copy that keeps another number of bytes of the latest events in memory; 0 keeps none. */
    public PostgresOptions withRecentBytes(long newRecentBytes) {
        return with(draft -> draft.recentBytes = newRecentBytes);
    }

    /** Returns a copy that lets a group have another number of messages parked. */
    public PostgresOptions withMaxParked(long newMaxParked) {
        return with(draft -> draft.maxParked = newMaxParked);
    }

    /** Returns a copy that tells other processes about appends, and listens to them, or does not. */
    public PostgresOptions withWakeUps(boolean newWakeUps) {
        return with(draft -> draft.wakeUps = newWakeUps);
    }

    private PostgresOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finish();
    }

    /** A copy under way. It begins with the defaults, or with other options. */
    private static final class Draft {
        private String schema = "eda";
        private Duration statementTimeout = Duration.ofSeconds(5);
        private Duration appendDeadline = Duration.ofSeconds(15);
        private int lanes = 2;
        private int maxWaitingAppends = 10_000;
        private long maxWaitingBytes = 64 << 20;
        private Duration shortestPoll = Duration.ofMillis(5);
        private Duration longestPoll = Duration.ofMillis(250);
        private int maxLimit = 10_000;
        private long maxPageBytes = 8 << 20;
        private long recentBytes = 16 << 20;
        private long maxParked = 100_000;
        private boolean wakeUps = true;
        private SchemaManagement schemaManagement = SchemaManagement.CREATE;

        private Draft() {}

        private Draft(PostgresOptions options) {
            schema = options.schema;
            statementTimeout = options.statementTimeout;
            appendDeadline = options.appendDeadline;
            lanes = options.lanes;
            maxWaitingAppends = options.maxWaitingAppends;
            maxWaitingBytes = options.maxWaitingBytes;
            shortestPoll = options.shortestPoll;
            longestPoll = options.longestPoll;
            maxLimit = options.maxLimit;
            maxPageBytes = options.maxPageBytes;
            recentBytes = options.recentBytes;
            maxParked = options.maxParked;
            wakeUps = options.wakeUps;
            schemaManagement = options.schemaManagement;
        }

        private PostgresOptions finish() {
            return new PostgresOptions(
                    schema,
                    statementTimeout,
                    appendDeadline,
                    lanes,
                    maxWaitingAppends,
                    maxWaitingBytes,
                    shortestPoll,
                    longestPoll,
                    maxLimit,
                    maxPageBytes,
                    recentBytes,
                    maxParked,
                    wakeUps,
                    schemaManagement);
        }
    }
}

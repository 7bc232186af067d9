package io.eda.store.postgres;

import java.util.UUID;

/**
 * Tells other processes that something was appended, and hears it from them, through {@code LISTEN} and {@code NOTIFY}.
 *
 * <p>A wake-up is a hint: it says "look", and nothing depends on its coming. It never travels with an append, whose commit
 * it would hold up behind a lock of the whole database, but on a connection of its own and at most every few
 * milliseconds. Threads run while there is something to tell or somebody waits, and end by themselves.
 */
final class WakeUps implements AutoCloseable {

    private static final int LONGEST_CHANNEL = 63;

    /** What names this process among those who tell: its own wake-ups are no news to it. */
    private final String sender = UUID.randomUUID().toString();

    private final WakeUpSender tells;
    private final WakeUpListener listens;

    WakeUps(Connections connections, PostgresOptions options, Runnable onWakeUp) {
        // A channel belongs to its database, so the schema tells storages apart. Where two long names meet, both wake
        // up.
        String channel = "eda/" + options.schema();
        String bounded = channel.substring(0, Math.min(channel.length(), LONGEST_CHANNEL));
        this.tells = new WakeUpSender(connections, options.wakeUps(), bounded, sender);
        this.listens = new WakeUpListener(connections, options, bounded, this::isOwn, onWakeUp);
    }

    private boolean isOwn(String payload) {
        return payload.equals(sender);
    }

    /** Tells the others, soon. */
    void tell() {
        tells.tell();
    }

    /** Somebody begins to wait for events. */
    void beginWaiting() {
        listens.beginWaiting();
    }

    /** And ends. */
    void endWaiting() {
        listens.endWaiting();
    }

    @Override
    public void close() {
        tells.close();
        listens.close();
    }
}

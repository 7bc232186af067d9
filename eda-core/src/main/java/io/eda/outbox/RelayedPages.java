package io.eda.outbox;

import io.eda.bus.EventBus;
import io.eda.event.EventRecord;
import io.eda.projection.CheckpointStore;
import io.eda.projection.Follower;
import io.eda.store.EventPage;
import io.eda.store.StoredEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages of one relay: published at once, confirmed later, remembered in their order. Used by one thread. */
final class RelayedPages implements Follower.PageHandler {

    private static final Logger log = LoggerFactory.getLogger(RelayedPages.class);

    private static final int MAX_UNCONFIRMED = 1_000;
    private static final Duration CONFIRM_CHECK = Duration.ofMillis(20);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    private static final long UNWANTED_BEFORE_SAVING = 10_000;

    private final String name;
    private final CheckpointStore<?> checkpoints;
    private final EventBus bus;

    private final Deque<Published> unconfirmed = new ArrayDeque<>();
    private long saved;
    private long confirmed;

    RelayedPages(String name, CheckpointStore<?> checkpoints, EventBus bus) {
        this.name = name;
        this.checkpoints = checkpoints;
        this.bus = bus;
    }

    @Override
    public long load() {
        unconfirmed.clear();
        saved = checkpoints.position(name);
        confirmed = saved;
        return saved;
    }

    @Override
    public void handle(EventPage page) throws Exception {
        publish(page);
        while (unconfirmed.size() > MAX_UNCONFIRMED) {
            confirm(unconfirmed.element().future);
        }
        while (!unconfirmed.isEmpty() && unconfirmed.element().future.isDone()) {
            confirm(unconfirmed.element().future);
        }
        boolean hasNews = confirmed > saved;
        if (unconfirmed.isEmpty() && page.position() > confirmed) {
            // Everything behind the last wanted event is done too, since it was not wanted.
            confirmed = page.position();
        }
        if (hasNews || confirmed - saved >= UNWANTED_BEFORE_SAVING) {
            save();
        }
    }

    private void publish(EventPage page) {
        List<EventRecord> records =
                page.events().stream().map(StoredEvent::event).toList();
        if (records.isEmpty()) {
            return;
        }
        List<CompletableFuture<Void>> futures = bus.publishRecords(records);
        for (int i = 0; i < futures.size(); i++) {
            unconfirmed.add(new Published(page.events().get(i).position(), futures.get(i)));
        }
    }

    /** Waits for the oldest; where it failed, saves how far all is well, and lets the follower start over from there. */
    private void confirm(CompletableFuture<Void> oldest) throws Exception {
        try {
            oldest.get();
        } catch (ExecutionException e) {
            save();
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        confirmed = unconfirmed.remove().position;
    }

    private void save() throws Exception {
        if (confirmed > saved) {
            checkpoints.advance(name, saved, confirmed, context -> {});
            saved = confirmed;
        }
    }

    @Override
    public Duration patience() {
        return unconfirmed.isEmpty() ? IDLE : CONFIRM_CHECK;
    }

    @Override
    public void stop() {
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        try {
            while (!unconfirmed.isEmpty()) {
                unconfirmed.element().future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                confirmed = unconfirmed.remove().position;
            }
            save();
        } catch (TimeoutException | ExecutionException e) {
            log.info("'{}' stops with {} events unconfirmed; they are published again", name, unconfirmed.size());
            saveQuietly();
        } catch (Exception e) {
            log.warn("'{}' could not save its checkpoint at {}; what follows is published again", name, saved, e);
        }
    }

    private void saveQuietly() {
        try {
            save();
        } catch (Exception e) {
            log.warn("'{}' could not save its checkpoint at {}; what follows is published again", name, saved, e);
        }
    }

    private record Published(long position, CompletableFuture<Void> future) {}
}

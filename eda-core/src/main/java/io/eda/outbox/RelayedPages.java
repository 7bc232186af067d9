package io.eda.outbox;

import io.eda.event.EventRecord;
import io.eda.projection.CheckpointMove;
import io.eda.projection.CheckpointStore;
import io.eda.projection.FailedEvent;
import io.eda.projection.Lease;
import io.eda.projection.LeaseLostException;
import io.eda.projection.OnFailure;
import io.eda.projection.PageHandler;
import io.eda.projection.ShardPosition;
import io.eda.store.EventPage;
import io.eda.store.StoredEvent;
import io.eda.transport.PublishException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages of one shard of a relay: published at once, confirmed later, remembered in their order. Used by one thread. */
final class RelayedPages<C> implements PageHandler {

    private static final Logger log = LoggerFactory.getLogger(RelayedPages.class);

    private static final Duration CONFIRM_CHECK = Duration.ofMillis(20);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(30);

    // A checkpoint that moves over unwanted events alone is worth a write only now and then; whoever waits for it on
    // another node sees it after this time at the latest.
    private static final long UNWANTED_BEFORE_SAVING = 10_000;
    private static final Duration IDLE_BEFORE_SAVING = Duration.ofMillis(200);

    private final CheckpointStore<C> checkpoints;
    private final OnFailure onRefusal;
    private final Lease lease;
    private final Destination destination;
    private final Unconfirmed unconfirmed;
    private final RelayMeters meters;

    // Written by its one thread, read by the one that beats.
    private volatile ShardPosition saved;
    private long confirmed;
    private long lastSave = System.nanoTime();
    // After a failure one event goes alone: no page is published in vain over and over, and pauses grow until it is
    // through.
    private boolean isProbing;
    private volatile boolean isCancelled;
    private volatile @Nullable Instant oldestSince;
    private volatile long doneAtMost = Long.MAX_VALUE;

    RelayedPages(
            CheckpointStore<C> checkpoints,
            OnFailure onRefusal,
            Lease lease,
            Destination destination,
            Unconfirmed unconfirmed,
            RelayMeters meters) {
        this.checkpoints = checkpoints;
        this.onRefusal = onRefusal;
        this.lease = lease;
        this.destination = destination;
        this.unconfirmed = unconfirmed;
        this.meters = meters;
        this.saved = lease.start();
    }

    @Override
    public long load() throws InterruptedException {
        unconfirmed.settle(SETTLE_TIMEOUT);
        tellOldest();
        saved = checkpoints
                .leases()
                .position(lease)
                .orElseThrow(
                        () -> new LeaseLostException(lease.name(), lease.shard(), lease.epoch(), lease.epoch() + 1));
        confirmed = saved.position();
        return confirmed;
    }

    @Override
    public void handle(EventPage page) throws Exception {
        List<StoredEvent<EventRecord>> ours = page.events().stream()
                .filter(stored -> saved.accepts(stored.event().aggregateId(), stored.position()))
                .toList();
        List<StoredEvent<EventRecord>> wanted = new ArrayList<>();
        Optional<EventNotPublishedException> unknown = destination.choose(lease.name(), ours, wanted);
        int published = 0;
        if (isProbing && !wanted.isEmpty()) {
            published = unconfirmed.publish(wanted.subList(0, 1));
            confirm();
            isProbing = false;
        }
        while (published < wanted.size()) {
            int more = unconfirmed.publish(wanted.subList(published, wanted.size()));
            published += more;
            if (more == 0) {
                confirm();
            }
        }
        while (unconfirmed.isOldestDone() || (unknown.isPresent() && !unconfirmed.isEmpty())) {
            confirm();
        }
        if (unknown.isPresent()) {
            save();
            throw unknown.get();
        }
        tellOldest();
        boolean hasNews = confirmed > saved.position();
        if (unconfirmed.isEmpty() && page.position() > confirmed) {
            // Everything behind the last wanted event is done too, since it was not wanted.
            confirmed = page.position();
        }
        boolean isIdle = page.isLast() && System.nanoTime() - lastSave >= IDLE_BEFORE_SAVING.toNanos();
        if (hasNews || isIdle || confirmed - saved.position() >= UNWANTED_BEFORE_SAVING) {
            save();
        }
    }

    /** Waits for the oldest; where it failed, saves how far all is well, and lets the follower start over from there. */
    private void confirm() throws Exception {
        StoredEvent<EventRecord> oldest = unconfirmed.oldest();
        try {
            awaitOldest();
        } catch (ExecutionException e) {
            isProbing = true;
            Throwable reason = Unconfirmed.reason(e);
            boolean isRefused = reason instanceof PublishException refusal && refusal.isPermanent();
            if (isRefused && onRefusal == OnFailure.SKIP) {
                skip(oldest, reason);
                return;
            }
            save();
            throw new EventNotPublishedException(lease.name(), oldest, isRefused, reason);
        }
        confirmed = oldest.position();
    }

    private void awaitOldest() throws InterruptedException, ExecutionException {
        while (!isCancelled) {
            try {
                unconfirmed.confirmOldest(CONFIRM_CHECK);
                return;
            } catch (TimeoutException e) {
                // The transport answers by its own deadline; this only looks whether somebody wants to stop.
                tellOldest();
            }
        }
        throw new InterruptedException("'" + lease.name() + "' is stopping");
    }

    /** Notes the event in the transaction that moves the checkpoint over it, and over those before it. */
    private void skip(StoredEvent<EventRecord> refused, Throwable reason) throws Exception {
        FailedEvent failed = new FailedEvent(
                refused.position(),
                refused.event().aggregateId(),
                FailedEvent.Kind.SKIPPED,
                1,
                String.valueOf(reason.getMessage()));
        checkpoints.advance(
                CheckpointMove.under(lease, saved.position(), refused.position()),
                context -> checkpoints.failedEvents().add(context, lease.name(), failed));
        saved = saved.at(refused.position());
        confirmed = refused.position();
        unconfirmed.removeOldest();
        meters.skipped();
        log.atWarn()
                .addKeyValue("name", lease.name())
                .addKeyValue("eventId", refused.event().eventId())
                .addKeyValue("position", refused.position())
                .log(
                        "'{}' left out the event {} of {} at position {}, which the transport refuses: {}",
                        lease.name(),
                        refused.event().eventId(),
                        refused.event().aggregateId(),
                        refused.position(),
                        reason.getMessage());
    }

    private void save() throws Exception {
        if (confirmed > saved.position()) {
            checkpoints.advance(CheckpointMove.under(lease, saved.position(), confirmed), context -> {});
            saved = saved.at(confirmed);
            lastSave = System.nanoTime();
        }
    }

    @Override
    public long savedPosition() {
        return saved.position();
    }

    @Override
    public Duration patience() {
        if (!unconfirmed.isEmpty()) {
            return CONFIRM_CHECK;
        }
        return confirmed > saved.position() ? IDLE_BEFORE_SAVING : LONGEST_WAIT;
    }

    // At most once a page: what is told may be that much behind.
    private void tellOldest() {
        oldestSince =
                unconfirmed.isEmpty() ? null : unconfirmed.oldest().event().timestamp();
        doneAtMost = unconfirmed.isEmpty() ? Long.MAX_VALUE : confirmed;
    }

    @Override
    public long doneUpTo(long position) {
        return Math.min(position, doneAtMost);
    }

    @Override
    public Optional<Instant> waitsSince() {
        return Optional.ofNullable(oldestSince);
    }

    @Override
    public void cancel() {
        isCancelled = true;
    }

    @Override
    public void stop() {
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        try {
            while (!unconfirmed.isEmpty() && !isProbing) {
                StoredEvent<EventRecord> oldest = unconfirmed.oldest();
                unconfirmed.confirmOldest(Duration.ofNanos(deadline - System.nanoTime()));
                confirmed = oldest.position();
            }
        } catch (TimeoutException | ExecutionException e) {
            log.info(
                    "'{}' stops with {} events unconfirmed; they are published again",
                    lease.name(),
                    unconfirmed.size());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        unconfirmed.forget();
        try {
            save();
        } catch (Exception e) {
            log.atWarn()
                    .addKeyValue("name", lease.name())
                    .addKeyValue("position", saved.position())
                    .setCause(e)
                    .log(
                            "'{}' could not save its checkpoint at {}; what follows is published again",
                            lease.name(),
                            saved.position());
        }
    }
}

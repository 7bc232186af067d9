package io.eda.store;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * The append-only history of every aggregate, as bytes: what an adapter implements for one database.
 *
 * <ol>
 *   <li><b>Atomic.</b> All events of one append become visible together, or none does.
 *   <li><b>Gapless per aggregate.</b> Its versions are 1, 2, 3 … without hole or duplicate.
 *   <li><b>Exclusive.</b> Of two appends that expect the same version, exactly one succeeds; the other gets a
 *       {@link ConcurrencyConflictException} and has changed nothing.
 *   <li><b>Never skipped.</b> A reader that follows the positions sees every committed event once, in an order that
 *       respects each aggregate's versions, whatever commits late, rolls back or hangs.
 *   <li><b>Byte-exact.</b> What was appended is what is read, for ever.
 *   <li><b>Durable.</b> An append that returned survives the death of the process and of the database server.
 *   <li><b>Repeatable.</b> An append with an exact expected version whose events stand already at those versions, under
 *       the same ids, returns where they are.
 * </ol>
 *
 * <p>{@code EventStorageContract} of eda-testkit proves these for an implementation. Implementations are thread-safe; all
 * methods block, and none longer than the deadline of its implementation.
 */
public interface EventStorage {

    /**
     * Appends durably.
     *
     * @throws ConcurrencyConflictException if the aggregate is not at the expected version; nothing was stored
     * @throws AppendOutcomeUnknownException if it cannot be known whether the events were stored; the same append, with an
     *     exact expected version, may be handed in again
     * @throws EventStorageException if the storage failed; nothing was stored
     */
    AppendResult append(Append append);

    /**
     * Appends without waiting for the answer. An implementation may let the caller wait for room among the appends that are
     * under way. The future fails with the exceptions of {@link #append}, also where one is refused at once. Two appends to one
     * aggregate that one thread hands in take effect in that order.
     */
    default CompletableFuture<AppendResult> appendAsync(Append append) {
        try {
            return CompletableFuture.completedFuture(append(append));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Returns the events of one aggregate from {@code fromVersion} on, in their order, {@code limit} at most. Sees every
     * append that has returned, also those that {@link #readAll} does not show yet.
     */
    List<StoredEvent<EventRecord>> readAggregate(AggregateId aggregateId, long fromVersion, int limit);

    /**
     * Returns the next stretch of all events: those behind {@code afterPosition} that pass the filter, {@code limit} at
     * most.
     */
    EventPage readAll(long afterPosition, EventFilter filter, int limit);

    /**
     * As {@link #readAll}, for a reader to whom {@link #awaitVisible} has just said that there is more: an implementation may go by
     * that and need not ask anew what can be read. So the page may end before what was appended since; the next one goes on.
     */
    default EventPage readVisible(long afterPosition, EventFilter filter, int limit) {
        return readAll(afterPosition, filter, limit);
    }

    /**
     * Returns the event with this id, wherever it stands; nothing where no append that has returned stored it. Meant for
     * looking into one event's life, and for finding out what became of an append without an answer.
     *
     * <p>By default it reads everything that {@link #readAll} shows; an implementation that can look it up does.
     */
    default Optional<StoredEvent<EventRecord>> findEvent(UUID eventId) {
        EventPage page = new EventPage(List.of(), 0, 1);
        while (!page.isLast()) {
            page = readAll(page.position(), EventFilter.all(), 500);
            for (StoredEvent<EventRecord> stored : page.events()) {
                if (stored.event().eventId().equals(eventId)) {
                    return Optional.of(stored);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the events of one conversation behind {@code afterPosition} and up to {@code toPosition}, which is not beyond what is
     * visible, in their order, {@code limit} at most. Meant for people who look into what has happened: it reads the whole stretch, because
     * an index would be paid by every append.
     *
     * <p>By default it reads what {@link #readAll} shows; an implementation that can choose beside the data does.
     */
    default List<StoredEvent<EventRecord>> readConversation(
            String correlationId, long afterPosition, long toPosition, int limit) {
        List<StoredEvent<EventRecord>> found = new ArrayList<>();
        long position = afterPosition;
        while (position < toPosition && found.size() < limit) {
            EventPage page = readAll(position, EventFilter.all(), 500);
            page.events().stream()
                    .filter(stored -> stored.position() <= toPosition
                            && stored.event().correlationId().equals(correlationId))
                    .limit(limit - (long) found.size())
                    .forEach(found::add);
            if (page.isLast()) {
                break;
            }
            position = page.position();
        }
        return found;
    }

    /**
     * Waits until {@link #readAll} shows everything up to {@code position}, or the time is over, and returns up to where it
     * does. A return says nothing about events behind that. With a timeout of zero it asks and does not wait.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    long awaitVisible(long position, Duration timeout) throws InterruptedException;
}

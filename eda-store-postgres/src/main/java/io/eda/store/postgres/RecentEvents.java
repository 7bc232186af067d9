package io.eda.store.postgres;

import io.eda.event.EventRecord;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The latest events, in memory: of many readers near the end, one asks the server for what is new, and all get it. Filters
 * are applied here.
 *
 * <p>It holds one stretch without a gap, {@code (start, end]}, of safe positions, so what it holds can never change. There is
 * no thread behind it: the first reader that wants more loads more, and those who come meanwhile wait for it. What is oldest
 * goes when the bytes are over the limit; a reader that is behind the stretch reads from the table.
 *
 * <p>Thread-safe.
 */
final class RecentEvents {

    /** How many events are loaded at once, however few the first reader wants: the others want them too. */
    static final int LOAD = 1_000;

    // A stretch that lies so far behind its first reader is forgotten, and not continued.
    private static final long WORTH_CONTINUING = LOAD;

    private final EventReader reader;
    private final long maxBytes;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition loaded = lock.newCondition();

    // All guarded by the lock.
    private final List<StoredEvent<EventRecord>> events = new ArrayList<>();
    private int first;
    private long start;
    private long end;
    private long bytes;
    private boolean isLoading;

    RecentEvents(EventReader reader, long maxBytes) {
        this.reader = reader;
        this.maxBytes = maxBytes;
    }

    /**
     * Returns the page, loading what is missing at the end; nothing where it begins before what is held.
     *
     * @param safe up to where events can be read, behind where the page begins
     */
    Optional<EventPage> page(PageRequest request, long safe) {
        lock.lock();
        try {
            while (true) {
                if (maxBytes == 0 || request.after() < start) {
                    return Optional.empty();
                }
                if (request.after() < end) {
                    return Optional.of(held(request, safe));
                }
                if (isLoading) {
                    loaded.awaitUninterruptibly();
                } else {
                    load(request.after(), safe);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private EventPage held(PageRequest request, long safe) {
        List<StoredEvent<EventRecord>> found = new ArrayList<>();
        long position = end;
        EventFilter filter = request.filter();
        for (int i = indexBehind(request.after()); i < events.size(); i++) {
            StoredEvent<EventRecord> stored = events.get(i);
            if (filter.accepts(stored.event().eventType().name())) {
                found.add(stored);
                if (found.size() == request.limit()) {
                    position = stored.position();
                    break;
                }
            }
        }
        return new EventPage(found, position, Math.max(safe, end));
    }

    private int indexBehind(long position) {
        int low = first;
        int high = events.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (events.get(middle).position() <= position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Under the lock, which it gives up while it asks the server. */
    private void load(long after, long safe) {
        if (after - end > WORTH_CONTINUING) {
            events.clear();
            first = 0;
            bytes = 0;
            start = after;
            end = after;
        }
        long from = end;
        isLoading = true;
        lock.unlock();
        Optional<EventPage> page = Optional.empty();
        // Where it fails, its caller gets the error, and those who wait try for themselves.
        try {
            page = Optional.of(reader.page(new PageRequest(from, EventFilter.all(), LOAD), safe));
        } finally {
            lock.lock();
            isLoading = false;
            page.ifPresent(this::add);
            loaded.signalAll();
        }
    }

    private void add(EventPage page) {
        events.addAll(page.events());
        bytes += EventWeight.of(page.events());
        end = page.position();
        // The newest stays however large it is, or its readers would load it again and again.
        while (bytes > maxBytes && events.size() - first > 1) {
            StoredEvent<EventRecord> oldest = events.get(first++);
            bytes -= EventWeight.of(oldest);
            start = oldest.position();
        }
        // At once, or what is gone would still take its memory.
        events.subList(0, first).clear();
        first = 0;
    }

    /** About how many bytes are held. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}

package io.eda.store.postgres;

import io.eda.store.EventPage;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Pages for readers who have a long way to go: while a reader works on one, the next is on its way. One page a reader is
 * fetched ahead, and a few together, so memory is bounded by a few pages; a reader that turns away leaves one behind, which
 * goes when others come.
 *
 * <p>Thread-safe. Its threads end by themselves a little after the last page.
 */
final class ReadAhead implements AutoCloseable {

    private static final int PAGES = 4;
    private static final int THREADS = 2;
    private static final long IDLE_SECONDS = 5;

    private final EventReader reader;
    private final Duration patience;
    private final ThreadPoolExecutor threads;
    private final Map<PageRequest, CompletableFuture<FetchedPage>> pages = new LinkedHashMap<>();

    ReadAhead(EventReader reader, Duration patience) {
        this.reader = reader;
        this.patience = patience;
        this.threads = new ThreadPoolExecutor(
                0, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), ReadAhead::thread);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "eda-read-ahead");
        thread.setDaemon(true);
        return thread;
    }

    /** Returns the page, and begins to fetch the one behind it where the end is far. */
    EventPage page(PageRequest request, long safe) {
        FetchedPage page = taken(request).orElseGet(() -> reader.fetch(request, safe));
        if (page.safe() - page.end() > request.limit()) {
            begin(new PageRequest(page.end(), request.filter(), request.limit()), page.safe());
        }
        return page.decode();
    }

    private Optional<FetchedPage> taken(PageRequest request) {
        Optional<CompletableFuture<FetchedPage>> begun;
        synchronized (pages) {
            begun = Optional.ofNullable(pages.remove(request));
        }
        try {
            return begun.map(CompletableFuture::join);
        } catch (CompletionException e) {
            // Its reader asks again by itself, so that it gets an error of its own call, or none.
            return Optional.empty();
        }
    }

    private void begin(PageRequest request, long safe) {
        synchronized (pages) {
            if (pages.containsKey(request)) {
                return;
            }
            try {
                pages.put(request, CompletableFuture.supplyAsync(() -> reader.fetch(request, safe), threads));
            } catch (RejectedExecutionException e) {
                // All are busy, or this was closed: the reader fetches it itself.
                return;
            }
            Iterator<PageRequest> oldest = pages.keySet().iterator();
            while (pages.size() > PAGES) {
                oldest.next();
                oldest.remove();
            }
        }
    }

    /** Fetches nothing more, and waits for what is on its way: its connection is the pool's again before that is closed. */
    @Override
    public void close() {
        threads.shutdown();
        synchronized (pages) {
            pages.clear();
        }
        try {
            boolean unused = threads.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.eda.broker.kafka;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which topics one receiver reads: looked for at an interval, and at once when its transport has made one; never waited for,
 * because the thread that polls asks. For that thread alone, but for {@link #run}.
 */
final class ReadTopics implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(ReadTopics.class);

    private final Topology topology;
    private final Duration interval;
    private final String always;
    private Set<String> topics = Set.of();
    private @Nullable CompletableFuture<Set<String>> asked;
    private long lastLook;
    private volatile boolean isStale;

    ReadTopics(Topology topology, Duration interval, String always) {
        this.topology = topology;
        this.interval = interval;
        this.always = always;
    }

    /** Says that there may be a new one. */
    @Override
    public void run() {
        isStale = true;
    }

    /** Looks and waits. */
    Set<String> lookNow(Duration limit) {
        lastLook = System.nanoTime();
        isStale = false;
        asked = null;
        take(Waiting.get(topology.eventTopics(), limit, "the list of topics"));
        return topics;
    }

    Set<String> current() {
        CompletableFuture<Set<String>> answer = asked;
        if (answer == null) {
            if (isStale || System.nanoTime() - lastLook > interval.toNanos()) {
                ask();
            }
        } else if (answer.isDone()) {
            asked = null;
            var unused = answer.whenComplete((found, failure) -> {
                if (failure == null) {
                    take(found);
                } else {
                    log.debug("The topics could not be listed: {}", failure.toString());
                }
            });
        }
        return topics;
    }

    private void ask() {
        lastLook = System.nanoTime();
        isStale = false;
        asked = topology.eventTopics();
    }

    private void take(Set<String> found) {
        Set<String> all = new HashSet<>(found);
        all.add(always);
        topics = Set.copyOf(all);
    }
}

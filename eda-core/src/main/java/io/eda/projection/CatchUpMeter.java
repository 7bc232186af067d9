package io.eda.projection;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Watches the pace of a projection, a relay or a rebuild: ask it now and then, once a second for example. Thread-safe.
 */
public final class CatchUpMeter {

    private static final int SAMPLES = 10;
    private static final long SHORTEST_NANOS = 50_000_000;

    private final Supplier<Progress> progress;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Sample> samples = new ArrayDeque<>();

    /** Watches whatever has this progress: {@code runner::progress}. */
    public CatchUpMeter(Supplier<Progress> progress) {
        this.progress = progress;
    }

    /** Returns how far it has come, with the pace since some questions ago. */
    public CatchUp sample() {
        return sample(progress.get(), System.nanoTime());
    }

    CatchUp sample(Progress now, long nanoTime) {
        lock.lock();
        try {
            // A position that went back begins something new.
            if (!samples.isEmpty() && samples.getLast().position > now.position()) {
                samples.clear();
            }
            if (samples.isEmpty() || nanoTime - samples.getLast().nanoTime >= SHORTEST_NANOS) {
                samples.add(new Sample(nanoTime, now.position()));
            }
            if (samples.size() > SAMPLES) {
                samples.remove();
            }
            double seconds = (nanoTime - samples.element().nanoTime) / 1e9;
            double pace = seconds <= 0 ? 0 : (now.position() - samples.element().position) / seconds;
            Optional<Duration> left = Optional.empty();
            if (now.lag() == 0) {
                left = Optional.of(Duration.ZERO);
            } else if (pace > 0) {
                left = Optional.of(Duration.ofMillis((long) (now.lag() * 1_000 / pace)));
            }
            return new CatchUp(now, pace, left);
        } finally {
            lock.unlock();
        }
    }

    private record Sample(long nanoTime, long position) {}
}

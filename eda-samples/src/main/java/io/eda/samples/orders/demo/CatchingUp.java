package io.eda.samples.orders.demo;

import io.eda.projection.CatchUp;
import io.eda.projection.CatchUpMeter;
import io.eda.projection.ProjectionRunner;
import io.eda.samples.orders.OrderSystem;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Shows how far the read models have come, until they show everything that there was when this began. */
record CatchingUp(OrderSystem system, Progress progress) {

    private static final long LOOK_MILLIS = 50;

    /** Returns whether they do; not, where {@code isStopped} says so before. */
    boolean await(BooleanSupplier isStopped) throws InterruptedException {
        long target = system.store().storage().awaitVisible(Long.MAX_VALUE, Duration.ZERO);
        List<CatchUpMeter> meters = system.views().stream()
                .map(view -> new CatchUpMeter(view::progress))
                .toList();
        while (!isStopped.getAsBoolean()) {
            List<CatchUp> all = meters.stream().map(CatchUpMeter::sample).toList();
            if (all.stream().allMatch(view -> view.progress().position() >= target)) {
                progress.clear();
                return true;
            }
            progress.show(() -> line(all));
            Thread.sleep(LOOK_MILLIS);
        }
        progress.clear();
        return false;
    }

    /** The one that is farthest behind: the others are there sooner. */
    private static String line(List<CatchUp> all) {
        CatchUp last = all.stream()
                .max(Comparator.comparingLong(view -> view.progress().lag()))
                .orElseThrow();
        return last.progress().failure().isPresent() ? last.progress().toString() : last.toString();
    }

    /** Empties all read models and builds them again from the first event. */
    void rebuild() {
        system.views().forEach(ProjectionRunner::rebuild);
    }
}

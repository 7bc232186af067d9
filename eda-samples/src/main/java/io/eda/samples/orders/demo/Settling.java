package io.eda.samples.orders.demo;

import io.eda.projection.PositionNotReachedException;
import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.views.OrderQuery.OrdersUnderWay;
import java.time.Duration;

/** Waits until no order moves by itself any more. */
record Settling(OrderSystem system, Progress progress) {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long CHECK_MILLIS = 50;

    /** Returns whether that came to be; not, where for a minute nothing moved at all. */
    boolean await(long lastPosition) throws InterruptedException {
        long fewest = Long.MAX_VALUE;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            if (!shows(lastPosition)) {
                continue;
            }
            long underWay = system.queries().ask(new OrdersUnderWay());
            if (underWay == 0) {
                return true;
            }
            if (underWay < fewest) {
                fewest = underWay;
                deadline = System.nanoTime() + PATIENCE.toNanos();
            }
            progress.show(() -> String.format("%,d orders under way", underWay));
            Thread.sleep(CHECK_MILLIS);
        }
        return false;
    }

    private boolean shows(long position) throws InterruptedException {
        try {
            system.views().get(0).awaitPosition(position, Duration.ofSeconds(1));
            return true;
        } catch (PositionNotReachedException e) {
            progress.show(() -> "order_views catches up: " + e.progress());
            return false;
        }
    }
}

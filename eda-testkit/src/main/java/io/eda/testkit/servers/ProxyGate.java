package io.eda.testkit.servers;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** What stands in the way of the bytes in one direction: a stall, a delay, or nothing. */
final class ProxyGate {

    private boolean closed;
    private Duration delay = Duration.ZERO;

    synchronized void close() {
        closed = true;
    }

    synchronized void open() {
        closed = false;
        notifyAll();
    }

    synchronized void delay(Duration newDelay) {
        delay = newDelay;
        notifyAll();
    }

    /** Makes those that wait look again whether their connection still lives. */
    synchronized void wake() {
        notifyAll();
    }

    /** Waits as long as the gate says; false if the connection ended meanwhile. */
    synchronized boolean pass(BooleanSupplier alive) throws InterruptedException {
        long arrived = System.nanoTime();
        while (alive.getAsBoolean()) {
            long remainingMillis = delay.toMillis() - (System.nanoTime() - arrived) / 1_000_000;
            if (closed) {
                wait();
            } else if (remainingMillis > 0) {
                wait(remainingMillis);
            } else {
                return true;
            }
        }
        return false;
    }
}

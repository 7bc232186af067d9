package io.eda.broker.kafka;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** A lock that cannot be left locked. */
final class Guard {

    private final ReentrantLock lock = new ReentrantLock();

    Condition newCondition() {
        return lock.newCondition();
    }

    void run(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    <T> T get(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}

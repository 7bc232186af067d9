package io.eda.broker.kafka;

import java.util.concurrent.ThreadFactory;

/** Threads with names that tell whose they are; none keeps the process alive. */
final class Threads {

    private Threads() {}

    static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}

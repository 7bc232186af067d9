package io.eda.bus;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane per key: tasks of one key run one after the other in the order in which they came, tasks of other keys at the
 * same time, on one executor. A task ends its turn by calling {@code done}, now or later, so a key can wait without holding
 * a thread. Thread-safe.
 */
final class Lanes {

    private static final Logger log = LoggerFactory.getLogger(Lanes.class);

    private final Executor executor;

    // A key is present while its lane is busy; the queue holds what waits behind the task at work.
    private final Map<String, Queue<Task>> busy = new HashMap<>();

    Lanes(Executor executor) {
        this.executor = executor;
    }

    void submit(String key, Task task) {
        synchronized (busy) {
            Queue<Task> waiting = busy.get(key);
            if (waiting != null) {
                waiting.add(task);
                return;
            }
            busy.put(key, new ArrayDeque<>());
        }
        run(key, task);
    }

    private void run(String key, Task task) {
        try {
            executor.execute(() -> task.run(() -> next(key)));
        } catch (RejectedExecutionException e) {
            // The executor is shut down: whoever did that gives back what is not settled, this task among it.
            log.debug("The lane of {} ends", key);
        }
    }

    private void next(String key) {
        Task task;
        synchronized (busy) {
            Queue<Task> waiting = busy.get(key);
            task = waiting == null ? null : waiting.poll();
            if (task == null) {
                busy.remove(key);
                return;
            }
        }
        run(key, task);
    }

    interface Task {

        /** Does its work and has {@code done} run when the next task of the key may begin. */
        void run(Runnable done);
    }
}

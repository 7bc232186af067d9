package io.eda.bus;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of one subscription's workers, where the application brings none: virtual ones where the runtime has them, a pool of
 * daemon threads else. Nothing starts before the first event.
 */
final class HandlerThreads {

    private static final int FIRST_WITH_VIRTUAL = 21;
    private static final long KEEP_ALIVE_SECONDS = 30;

    private HandlerThreads() {}

    static Executor create(String name, int count) {
        if (Runtime.version().feature() >= FIRST_WITH_VIRTUAL) {
            ThreadFactory virtual = virtual(name);
            return task -> virtual.newThread(task).start();
        }
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                count, count, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Ends what {@link #create} has made. */
    static void release(Executor executor) {
        if (executor instanceof ExecutorService pool) {
            pool.shutdown();
        }
    }

    static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    // Compiled for 17, which does not know them: Thread.ofVirtual().name(name).factory().
    private static ThreadFactory virtual(String name) {
        try {
            Class<?> builderClass = Class.forName("java.lang.Thread$Builder");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            builder = builderClass.getMethod("name", String.class).invoke(builder, name);
            return (ThreadFactory) builderClass.getMethod("factory").invoke(builder);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException(
                    "This runtime, Java " + Runtime.version()
                            + ", has no virtual threads although it is new enough: give" + " the bus an executor",
                    e);
        }
    }
}

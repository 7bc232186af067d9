package io.eda.store.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connection that a work gets: it does everything but end the transaction. A work that committed by itself would leave
 * the checkpoint without the rest of its events when it crashed afterwards.
 */
final class WorkConnection {

    private static final Set<String> ENDINGS = Set.of("commit", "close", "abort", "setAutoCommit");

    private WorkConnection() {}

    static Connection of(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                WorkConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> call(connection, method, arguments));
    }

    private static @Nullable Object call(Connection connection, Method method, Object @Nullable [] arguments)
            throws Throwable {
        // Back to a savepoint is fine, the whole way back is not.
        boolean isRollback = method.getName().equals("rollback") && method.getParameterCount() == 0;
        if (isRollback || ENDINGS.contains(method.getName())) {
            throw new IllegalStateException(
                    "The work of a checkpoint called " + method.getName() + "() on its connection:"
                            + " the checkpoint and the work are committed together when the work returns, and rolled back when it"
                            + " throws");
        }
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}

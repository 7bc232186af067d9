package io.eda.store.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Counts how often a statement with some text is prepared on the connections of a data source. */
final class StatementCounts {

    private final AtomicInteger prepared = new AtomicInteger();
    private final DataSource dataSource;

    StatementCounts(DataSource counted, String text) {
        this.dataSource = proxy(DataSource.class, counted, text);
    }

    DataSource dataSource() {
        return dataSource;
    }

    int prepared() {
        return prepared.get();
    }

    private <T> T proxy(Class<T> type, T target, String text) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (method.getName().equals("prepareStatement") && ((String) arguments[0]).contains(text)) {
                        prepared.incrementAndGet();
                    }
                    try {
                        Object result = method.invoke(target, arguments);
                        return result instanceof Connection connection
                                        && !method.getName().equals("unwrap")
                                ? proxy(Connection.class, connection, text)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}

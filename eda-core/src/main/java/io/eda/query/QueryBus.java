package io.eda.query;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Brings each question to its handler, in the asking thread. Immutable and thread-safe. */
public final class QueryBus {

    private final Map<Class<?>, QueryHandler<?, ?>> handlers;

    private QueryBus(Map<Class<?>, QueryHandler<?, ?>> handlers) {
        this.handlers = Map.copyOf(handlers);
    }

    /** Returns a bus to fill. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the answer to {@code query}. */
    public <R> R ask(Query<R> query) {
        return this.<Query<R>, R>handlerOf(query).answer(query);
    }

    @SuppressWarnings("unchecked") // Builder.handle adds a handler under the class of its own questions alone.
    private <Q extends Query<R>, R> QueryHandler<Q, R> handlerOf(Query<R> query) {
        QueryHandler<?, ?> handler = handlers.get(query.getClass());
        if (handler == null) {
            Set<String> known = new TreeSet<>();
            handlers.keySet().forEach(c -> known.add(c.getSimpleName()));
            throw new IllegalArgumentException(
                    "No handler for the query " + query.getClass().getName() + "; there are handlers for " + known
                            + ". Add one with QueryBus.builder().handle(…).");
        }
        return (QueryHandler<Q, R>) handler;
    }

    /** Collects the handlers. Not thread-safe. */
    public static final class Builder {

        private final Map<Class<?>, QueryHandler<?, ?>> handlers = new HashMap<>();

        private Builder() {}

        /** Adds the handler of questions of one class. */
        public <Q extends Query<R>, R> Builder handle(Class<Q> queryClass, QueryHandler<Q, R> handler) {
            if (handlers.putIfAbsent(queryClass, handler) != null) {
                throw new IllegalArgumentException(
                        "There is a handler for " + queryClass.getSimpleName() + " already: a query has one handler");
            }
            return this;
        }

        /** Returns the bus. */
        public QueryBus build() {
            return new QueryBus(handlers);
        }
    }
}

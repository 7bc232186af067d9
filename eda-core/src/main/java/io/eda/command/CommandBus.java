package io.eda.command;

import io.eda.aggregate.Aggregate;
import io.eda.command.CommandMeters.Outcome;
import io.eda.event.TimeOrderedIds;
import io.eda.store.ConcurrencyConflictException;
import io.eda.store.EventStore;
import io.eda.telemetry.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Brings each command to its aggregate and stores what follows.
 *
 * <ul>
 *   <li><b>Exact.</b> A decision is stored only if the aggregate is still at the version that it was made for; otherwise it
 *       is made again, on the newer state.
 *   <li><b>Cached without risk.</b> States are remembered and may be behind: an append says so by its version, and a
 *       rejection or an empty decision is checked against the store before it is believed.
 *   <li><b>Once, if asked.</b> With {@link CommandOptions#withRememberedEvents}, a command whose id is behind one of the
 *       aggregate's last events is answered with its first outcome.
 *   <li><b>In turn.</b> Commands for one aggregate wait for each other within one bus, so conflicts come from other nodes
 *       alone.
 * </ul>
 *
 * <p>Thread-safe. {@code dispatch} blocks until the events are stored.
 */
public final class CommandBus {

    private final Map<Class<?>, CommandRoute<?, ?, ?>> routes;
    private final CommandExecution execution;
    private final CommandMeters meters = new CommandMeters();
    private final Tracing tracing;
    private final Supplier<UUID> ids;

    private CommandBus(Builder builder) {
        this.routes = Map.copyOf(builder.routes);
        this.execution = new CommandExecution(builder.store, builder.options, meters);
        this.tracing = builder.tracing;
        this.ids = new TimeOrderedIds(Clock.systemUTC());
    }

    /** Returns a bus to fill that stores events in {@code store}. */
    public static Builder builder(EventStore store) {
        return new Builder(store);
    }

    /**
     * Begins to count: {@code eda.command.dispatch}, {@code eda.command.conflicts} and {@code eda.command.cache}.
     *
     * @throws IllegalStateException if it is bound already
     */
    public void bindTo(MeterRegistry registry) {
        meters.bindTo(registry, routes.keySet());
    }

    /** Handles a command that starts a conversation. See the other method for the errors. */
    public CommandResult dispatch(Object command) {
        return dispatch(command, CommandContext.startedBy(ids.get().toString()));
    }

    /**
     * Handles a command.
     *
     * @throws RuntimeException what the handler threw to reject it; nothing was stored
     * @throws io.eda.store.ConcurrencyConflictException if other writers were first every time
     * @throws io.eda.store.AppendOutcomeUnknownException if it cannot be known whether the events were stored
     * @throws io.eda.store.EventStorageException if the storage failed; nothing was stored
     */
    public CommandResult dispatch(Object command, CommandContext context) {
        CommandRoute<?, ?, ?> route = routes.get(command.getClass());
        if (route == null) {
            Set<String> known = new TreeSet<>();
            routes.keySet().forEach(c -> known.add(c.getSimpleName()));
            throw new IllegalArgumentException(
                    "No handler for the command " + command.getClass().getName() + "; there are handlers for " + known
                            + ". Add one with CommandBus.builder(store).handle(…).");
        }
        Handled handled = tracing.isOff() ? timed(route, command, context) : traced(route, command, context);
        return handled.orThrow();
    }

    private Handled timed(CommandRoute<?, ?, ?> route, Object command, CommandContext context) {
        long begun = meters.begin();
        Outcome outcome = Outcome.FAILED;
        try {
            Handled handled = execution.run(route, command, context);
            outcome = handled.outcome();
            return handled;
        } catch (ConcurrencyConflictException e) {
            outcome = Outcome.CONFLICT;
            throw e;
        } finally {
            meters.ended(route.commandClass(), outcome, begun);
        }
    }

    private Handled traced(CommandRoute<?, ?, ?> route, Object command, CommandContext context) {
        String name = route.commandClass().getSimpleName();
        String title = "command " + name;
        // A caller who is not observed here, in another process perhaps, says in the metadata where he comes from.
        boolean isContinued = !tracing.isWithin() && Tracing.isIn(context.metadata());
        Observation observation = isContinued
                ? tracing.continuing(
                        Kind.SERVER, "eda.command", title, context.metadata().asMap())
                : tracing.step("eda.command", title);
        observation.lowCardinalityKeyValue("command", name).lowCardinalityKeyValue("outcome", Outcome.FAILED.tag);
        return observation.observe(() -> {
            // A rejection is an answer, and no error of this step.
            Handled handled = timed(route, command, context);
            observation.lowCardinalityKeyValue("outcome", handled.outcome().tag);
            return handled;
        });
    }

    /** Collects the handlers. Not thread-safe. */
    public static final class Builder {

        private final EventStore store;
        private final Map<Class<?>, CommandRoute<?, ?, ?>> routes = new HashMap<>();
        private final Map<String, Aggregate<?, ?>> aggregates = new HashMap<>();
        private CommandOptions options = CommandOptions.defaults();
        private Tracing tracing = Tracing.off();

        private Builder(EventStore store) {
            this.store = store;
        }

        /**
         * Adds the handler of commands of one class.
         *
         * @param commandClass the class of the commands
         * @param aggregate the kind of aggregate that decides
         * @param aggregateId which one of the kind a command is for
         * @param handler the decision
         */
        public <C, S, E> Builder handle(
                Class<C> commandClass,
                Aggregate<S, E> aggregate,
                Function<C, String> aggregateId,
                CommandHandler<C, S, E> handler) {
            Aggregate<?, ?> other = aggregates.putIfAbsent(aggregate.type(), aggregate);
            if (other != null && !other.equals(aggregate)) {
                throw new IllegalArgumentException("There are two definitions of the aggregate '" + aggregate.type()
                        + "': define it once, as a constant, and name it in every handler");
            }
            var route = new CommandRoute<>(commandClass, aggregate, aggregateId, handler);
            if (routes.putIfAbsent(commandClass, route) != null) {
                throw new IllegalArgumentException("There is a handler for " + commandClass.getSimpleName()
                        + " already: a command has one handler");
            }
            return this;
        }

        /** Sets the limits. */
        public Builder options(CommandOptions limits) {
            this.options = limits;
            return this;
        }

        /**
         * Tells {@code registry} of every command, as {@code eda.command}: inside of the caller's observation, or of the trace in the
         * context's metadata where there is none.
         */
        public Builder observedBy(ObservationRegistry registry) {
            this.tracing = Tracing.by(registry);
            return this;
        }

        /** Returns the bus. */
        public CommandBus build() {
            return new CommandBus(this);
        }
    }
}

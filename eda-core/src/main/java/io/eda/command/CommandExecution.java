package io.eda.command;

import io.eda.aggregate.AggregateState;
import io.eda.command.AggregateSlots.Slot;
import io.eda.command.CommandMeters.Outcome;
import io.eda.store.Append;
import io.eda.store.AppendOutcomeUnknownException;
import io.eda.store.AppendResult;
import io.eda.store.ConcurrencyConflictException;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The way of one command: recall or load, decide, append, and again where another writer was first. */
final class CommandExecution {

    private final EventStore store;
    private final CommandOptions options;
    private final CommandMeters meters;
    private final AggregateSlots slots;

    CommandExecution(EventStore store, CommandOptions options, CommandMeters meters) {
        this.store = store;
        this.options = options;
        this.meters = meters;
        this.slots = new AggregateSlots(options.cachedAggregates());
    }

    <C, S, E> Handled run(CommandRoute<C, S, E> route, Object command, CommandContext context) {
        AggregateState<S> initial = route.initial(command);
        Slot slot = slots.of(initial.aggregateId());
        slot.lock.lock();
        try {
            AggregateState<S> recalled = slot.recall(initial.aggregateId());
            meters.lookedUp(recalled != null);
            AggregateState<S> known = recalled != null ? recalled : route.load(store, command);
            boolean isVerified = recalled == null;
            int conflicts = 0;
            while (true) {
                CommandResult first = firstOutcome(slot, known, context);
                if (first != null) {
                    slot.remember(known);
                    return Handled.as(Outcome.REPEATED, first);
                }
                Decision<E> decision = decide(route, command, known);
                if (decision.changesNothing() && !isVerified) {
                    // The recalled state may be behind: a rejection must not rest on what is no longer true.
                    known = store.catchUp(route.aggregate(), known);
                    isVerified = true;
                    slot.remember(known);
                    continue;
                }
                if (decision.changesNothing()) {
                    slot.remember(known);
                    return decision.unchanged(known);
                }
                try {
                    return Handled.as(Outcome.STORED, append(route, slot, known, decision.events(), context));
                } catch (ConcurrencyConflictException e) {
                    meters.conflicted();
                    if (++conflicts >= options.maxAttempts()) {
                        slot.forget(known.aggregateId());
                        throw e;
                    }
                    pause(conflicts);
                    known = store.catchUp(route.aggregate(), known);
                    isVerified = true;
                }
            }
        } finally {
            slot.lock.unlock();
        }
    }

    /**
     * Returns what the command led to when it was handled before. A state that is behind does not know it: then the append
     * conflicts, or the empty decision is checked, and this is asked again with what came since. So the version that guards
     * the append guards the command's id with it, and there is no moment at which an effect is stored without its memory.
     */
    private @Nullable CommandResult firstOutcome(Slot slot, AggregateState<?> known, CommandContext context) {
        if (options.rememberedEvents() == 0) {
            return null;
        }
        return slot.handledCommands(known.aggregateId(), options.rememberedEvents())
                .outcomeOf(context.commandId(), store.storage(), known.version());
    }

    private static <C, S, E> Decision<E> decide(CommandRoute<C, S, E> route, Object command, AggregateState<S> state) {
        try {
            return new Decision<>(route.decide(command, state.state()), null);
        } catch (RuntimeException rejection) {
            return new Decision<>(List.of(), rejection);
        }
    }

    private <C, S, E> CommandResult append(
            CommandRoute<C, S, E> route,
            Slot slot,
            AggregateState<S> known,
            List<? extends E> events,
            CommandContext context) {
        Append append =
                store.prepare(known.aggregateId(), ExpectedVersion.exactly(known.version()), events, context.origin());
        S next = route.evolve(known.state(), events);
        AppendResult result = appendKnowingTheOutcome(append, slot);
        var current = new AggregateState<>(known.aggregateId(), result.lastVersion(), result.lastPosition(), next);
        slot.remember(current);
        store.rememberIfDue(route.aggregate(), known, current);
        var outcome =
                new CommandResult(known.aggregateId(), result.lastVersion(), result.lastPosition(), events.size());
        if (options.rememberedEvents() > 0) {
            slot.handledCommands(known.aggregateId(), options.rememberedEvents())
                    .add(context.commandId(), outcome);
        }
        return outcome;
    }

    /** The event ids make the repetition exact: it stores nothing twice. */
    private AppendResult appendKnowingTheOutcome(Append append, Slot slot) {
        for (int attempt = 1; ; attempt++) {
            try {
                return store.append(append);
            } catch (AppendOutcomeUnknownException e) {
                if (attempt >= options.maxAttempts()) {
                    slot.forget(append.aggregateId());
                    throw e;
                }
                pause(attempt);
            }
        }
    }

    private void pause(int failures) {
        LockSupport.parkNanos(
                options.backoff().after(failures, ThreadLocalRandom.current()).toNanos());
    }

    /** What a handler answered: events, none, or a rejection. */
    private record Decision<E>(List<? extends E> events, @Nullable RuntimeException rejection) {

        boolean changesNothing() {
            return events.isEmpty();
        }

        Handled unchanged(AggregateState<?> state) {
            if (rejection != null) {
                return Handled.rejected(rejection);
            }
            return Handled.as(
                    Outcome.UNCHANGED, new CommandResult(state.aggregateId(), state.version(), state.position(), 0));
        }
    }
}

package io.eda.inmemory;

import io.eda.transport.Capability;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The full contract of a transport within this process. A group exists from its first member on; what it has not
 * acknowledged waits for it, also while it has no member, and ends with the process.
 *
 * <p>When a publish future completes is the one choice: as soon as every group has accepted the message, or when every group
 * has acknowledged it. The second makes a relay from a durable store lose nothing when the process dies, because the relay
 * then publishes again what was not handled; a handler must not wait there for the handling of what it publishes itself.
 */
public final class InMemoryTransport implements EventTransport {

    /** How many messages a group may have waiting by default; publishing more to it fails. */
    public static final int DEFAULT_GROUP_CAPACITY = 100_000;

    private static final Logger log = LoggerFactory.getLogger(InMemoryTransport.class);

    private final boolean confirmsWhenHandled;
    private final int groupCapacity;

    // One lock guards all groups; a monitor, which spins before it parks a thread. Callbacks and futures are collected
    // under it and run after it.
    private final Object lock = new Object();
    private final Map<String, InMemoryGroup> groups = new LinkedHashMap<>();
    private final Map<String, InMemoryDeadLetters> letters = new HashMap<>();
    private final Set<Confirmation> unconfirmed = Collections.newSetFromMap(new IdentityHashMap<>());
    // What each thread has still to run: callbacks that call back add to it, instead of running deeper and deeper.
    // Not static, because a callback may wait for what it publishes to another transport.
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable Deque<Runnable>> afterwards = new ThreadLocal<>();

    private boolean isClosed;

    private InMemoryTransport(boolean confirmsWhenHandled, int groupCapacity) {
        if (groupCapacity < 1) {
            throw new IllegalArgumentException("A group capacity of " + groupCapacity + " messages: allow at least 1");
        }
        this.confirmsWhenHandled = confirmsWhenHandled;
        this.groupCapacity = groupCapacity;
    }

    /** Returns a transport that answers for a message as soon as every group has accepted it. */
    public static InMemoryTransport confirmingWhenAccepted() {
        return new InMemoryTransport(false, DEFAULT_GROUP_CAPACITY);
    }

    /** Returns a transport that answers for a message when every group has acknowledged it. */
    public static InMemoryTransport confirmingWhenHandled() {
        return new InMemoryTransport(true, DEFAULT_GROUP_CAPACITY);
    }

    /** Returns a new transport of the same kind whose groups hold {@code messages} at most. */
    public InMemoryTransport withGroupCapacity(int messages) {
        return new InMemoryTransport(confirmsWhenHandled, messages);
    }

    @Override
    public List<CompletableFuture<Void>> publish(List<Message> messages) {
        return locked(after -> {
            List<CompletableFuture<Void>> futures = new ArrayList<>(messages.size());
            Optional<String> refusal = isClosed ? Optional.of("the transport is closed") : Optional.empty();
            for (Message message : messages) {
                refusal = refusal.or(() -> fullGroup(message));
                futures.add(refusal.map(why -> refused(PublishException.Reason.NOT_ACCEPTED, message, why))
                        .orElseGet(() -> accept(message.copy(), after)));
            }
            groups.values().forEach(group -> group.deliver(after));
            return futures;
        });
    }

    @Override
    public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
        return locked(after -> {
            if (isClosed) {
                throw new IllegalStateException(
                        "The group '" + request.group() + "' cannot receive: the transport is closed");
            }
            InMemoryGroup group =
                    groups.computeIfAbsent(request.group(), name -> new InMemoryGroup(this, request, lettersOf(name)));
            Receiver receiver = group.join(request, onDeliveries);
            group.deliver(after);
            return receiver;
        });
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.ORDER_OVER_MEMBERS, Capability.COUNTS_ATTEMPTS, Capability.TRANSACTIONS);
    }

    @Override
    public DeadLetterQueue deadLetters(String group) {
        return locked(after -> lettersOf(group));
    }

    // Under the lock. Letters outlive the members of their group, and may be read before it has any.
    private InMemoryDeadLetters lettersOf(String group) {
        return letters.computeIfAbsent(group, name -> new InMemoryDeadLetters(this, name));
    }

    /** Publishes to one group alone. */
    CompletableFuture<Void> publishTo(String name, Message message) {
        return locked(after -> {
            InMemoryGroup group = groups.get(name);
            if (isClosed || group == null) {
                return refused(
                        PublishException.Reason.UNROUTABLE,
                        message,
                        isClosed ? "the transport is closed" : "the group '" + name + "' has never subscribed");
            }
            Confirmation confirmation = new Confirmation();
            group.add(message.copy(), confirmation);
            confirmation.missing = 1;
            after.add(() -> confirmation.future.complete(null));
            group.deliver(after);
            return confirmation.future;
        });
    }

    @Override
    public void close() {
        this.<Boolean>locked(after -> {
            isClosed = true;
            groups.values().forEach(InMemoryGroup::dismissMembers);
            for (Confirmation confirmation : unconfirmed) {
                after.add(() -> confirmation.future.completeExceptionally(new PublishException(
                        PublishException.Reason.UNKNOWN,
                        "The transport was closed before every group had acknowledged the message")));
            }
            unconfirmed.clear();
            return true;
        });
    }

    private CompletableFuture<Void> accept(Message message, List<Runnable> after) {
        Confirmation confirmation = new Confirmation();
        accept(message, confirmation);
        if (confirmsWhenHandled && confirmation.missing > 0) {
            unconfirmed.add(confirmation);
        } else {
            after.add(() -> confirmation.future.complete(null));
        }
        return confirmation.future;
    }

    private void accept(Message message, Confirmation confirmation) {
        for (InMemoryGroup group : groups.values()) {
            if (group.wants(message)) {
                group.add(message, confirmation);
                confirmation.missing++;
            }
        }
    }

    /**
     * Under the lock, before the group acknowledges of what {@code made} was made: whoever waits for that to be handled waits for this too.
     * Groups take it beyond their capacity, because refusing it would hold up what makes room.
     */
    void acceptMade(List<Message> made, Confirmation source, List<Runnable> after) {
        made.forEach(message -> accept(message.copy(), source));
        groups.values().forEach(group -> group.deliver(after));
    }

    /** Under the lock: one group has acknowledged. */
    void acknowledged(Confirmation confirmation, List<Runnable> after) {
        if (--confirmation.missing == 0 && unconfirmed.remove(confirmation)) {
            after.add(() -> confirmation.future.complete(null));
        }
    }

    // What follows a refused message in the same call is refused too: accepted, it would overtake it.
    private Optional<String> fullGroup(Message message) {
        return groups.values().stream()
                .filter(group -> group.wants(message) && group.size() >= groupCapacity)
                .findFirst()
                .map(
                        group -> "the group '" + group.name() + "' holds " + group.size()
                                + " unhandled messages already, which is its capacity: its handlers are slower than the publisher");
    }

    private static CompletableFuture<Void> refused(PublishException.Reason reason, Message message, String why) {
        return CompletableFuture.failedFuture(
                new PublishException(reason, "The message " + message + " was not published: " + why));
    }

    /** Acts under the lock, and runs afterwards, without it, what the action has collected. */
    <T> T locked(Action<T> action) {
        List<Runnable> after = new ArrayList<>();
        T result;
        synchronized (lock) {
            result = action.run(after);
        }
        if (!after.isEmpty()) {
            runAll(after);
        }
        return result;
    }

    private void runAll(List<Runnable> after) {
        Deque<Runnable> outer = afterwards.get();
        if (outer != null) {
            // A receiver that settles in its own call would go one call deeper with each message of a backlog.
            outer.addAll(after);
            return;
        }
        Deque<Runnable> running = new ArrayDeque<>(after);
        afterwards.set(running);
        try {
            for (Runnable next = running.poll(); next != null; next = running.poll()) {
                run(next);
            }
        } finally {
            afterwards.remove();
        }
    }

    private static void run(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable e) {
            // Thrown on, it would hit a publisher who has no part in it, and keep the next ones from their messages.
            log.error("A receiver threw instead of settling; what it was given stays unsettled until it closes", e);
        }
    }

    interface Action<T> {
        T run(List<Runnable> after);
    }

    /** How many groups must still acknowledge before the publisher's future completes. */
    static final class Confirmation {
        final CompletableFuture<Void> future = new CompletableFuture<>();
        int missing;
    }
}

package io.eda.inmemory;

import io.eda.inmemory.InMemoryTransport.Confirmation;
import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.ReceiverStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The waiting messages and the members of one group, under the lock of its transport. Of each key one message is delivered at
 * a time, so its order holds over all members.
 */
final class InMemoryGroup {

    private final InMemoryTransport transport;
    private final ReceiveRequest request;
    private final List<Member> members = new ArrayList<>();

    // The head of a queue is the one that may be delivered; a queue stands in ready while its head is not.
    private final Map<String, KeyQueue> queues = new HashMap<>();
    private final Deque<KeyQueue> ready = new ArrayDeque<>();
    private final InMemoryDeadLetters deadLetters;
    private int size;
    private int nextMember;

    InMemoryGroup(InMemoryTransport transport, ReceiveRequest request, InMemoryDeadLetters deadLetters) {
        this.transport = transport;
        this.request = request;
        this.deadLetters = deadLetters;
    }

    String name() {
        return request.group();
    }

    int size() {
        return size;
    }

    boolean wants(Message message) {
        return request.wants(message.type());
    }

    void add(Message message, Confirmation confirmation) {
        String key = message.topic() + "/" + message.key();
        KeyQueue queue = queues.computeIfAbsent(key, k -> new KeyQueue(k, new ArrayDeque<>()));
        if (queue.entries.isEmpty()) {
            ready.add(queue);
        }
        queue.entries.add(new Entry(queue, message, confirmation));
        size++;
    }

    Receiver join(ReceiveRequest joining, Consumer<List<Delivery>> onDeliveries) {
        if (!joining.types().equals(request.types())) {
            throw new IllegalArgumentException("A member of the group '" + name() + "' wants " + joining.types()
                    + ", but the group receives " + request.types()
                    + ": members share the work, so they want the same; use another group for other events");
        }
        Member member = new Member(joining.maxInFlight(), onDeliveries);
        members.add(member);
        return member;
    }

    void dismissMembers() {
        members.forEach(member -> member.isOpen = false);
        members.clear();
    }

    /** Hands what is ready to members that have room, in turn, and to each what it gets at once. */
    void deliver(List<Runnable> after) {
        Member member = ready.isEmpty() ? null : memberWithRoom();
        while (member != null) {
            member.take(ready.remove().entries.element(), after);
            member = ready.isEmpty() ? null : memberWithRoom();
        }
        members.forEach(Member::endBatch);
    }

    private @Nullable Member memberWithRoom() {
        for (int i = 0; i < members.size(); i++) {
            nextMember = (nextMember + 1) % members.size();
            Member member = members.get(nextMember);
            if (!member.isPaused && member.unsettled.size() < member.maxInFlight) {
                return member;
            }
        }
        return null;
    }

    private void acknowledge(Entry entry, List<Runnable> after) {
        KeyQueue queue = entry.queue;
        queue.entries.remove();
        size--;
        if (queue.entries.isEmpty()) {
            queues.remove(queue.key);
        } else {
            ready.add(queue);
        }
        transport.acknowledged(entry.confirmation, after);
    }

    private void offerAgain(Entry entry) {
        transport.<Boolean>locked(after -> {
            ready.addFirst(entry.queue);
            deliver(after);
            return true;
        });
    }

    private record KeyQueue(String key, Deque<Entry> entries) {}

    private static final class Entry {

        private final KeyQueue queue;
        private final Message message;
        private final Confirmation confirmation;
        private int attempts;

        private Entry(KeyQueue queue, Message message, Confirmation confirmation) {
            this.queue = queue;
            this.message = message;
            this.confirmation = confirmation;
        }
    }

    private final class Member implements Receiver {

        private final int maxInFlight;
        private final Consumer<List<Delivery>> onDeliveries;
        private final Set<MemberDelivery> unsettled = new LinkedHashSet<>();
        private List<Delivery> batch = List.of();
        private boolean isOpen = true;
        private boolean isPaused;

        private Member(int maxInFlight, Consumer<List<Delivery>> onDeliveries) {
            this.maxInFlight = maxInFlight;
            this.onDeliveries = onDeliveries;
        }

        private void take(Entry entry, List<Runnable> after) {
            MemberDelivery delivery = new MemberDelivery(this, entry);
            unsettled.add(delivery);
            if (batch.isEmpty()) {
                List<Delivery> begun = new ArrayList<>();
                after.add(() -> onDeliveries.accept(begun));
                batch = begun;
            }
            batch.add(delivery);
        }

        private void endBatch() {
            batch = List.of();
        }

        @Override
        public void pause() {
            transport.<Boolean>locked(after -> isPaused = true);
        }

        @Override
        public void resume() {
            transport.<Boolean>locked(after -> {
                isPaused = false;
                deliver(after);
                return true;
            });
        }

        @Override
        public ReceiverStatus status() {
            return transport.locked(after -> new ReceiverStatus(isOpen, Optional.empty(), OptionalLong.of(size)));
        }

        @Override
        public void close() {
            transport.<Boolean>locked(after -> {
                if (isOpen) {
                    isOpen = false;
                    members.remove(this);
                    unsettled.forEach(delivery -> ready.addFirst(delivery.entry.queue));
                    deliver(after);
                }
                return true;
            });
        }
    }

    private final class MemberDelivery implements Delivery {

        private final Member member;
        private final Entry entry;

        private MemberDelivery(Member member, Entry entry) {
            this.member = member;
            this.entry = entry;
        }

        @Override
        public Message message() {
            return entry.message;
        }

        @Override
        public void ack() {
            settle(after -> acknowledge(entry, after));
        }

        @Override
        public void ackWith(List<Message> messages) {
            settle(after -> {
                transport.acceptMade(messages, entry.confirmation, after);
                acknowledge(entry, after);
            });
        }

        @Override
        public int attempt() {
            return entry.attempts + 1;
        }

        @Override
        public String position() {
            return name() + "/" + entry.queue.key + "@" + entry.message.id();
        }

        @Override
        public void retryLater(Duration delay) {
            settle(after -> {
                entry.attempts++;
                if (delay.isZero()) {
                    ready.addFirst(entry.queue);
                } else {
                    // Its key stands outside of ready meanwhile, so what is behind it waits with it.
                    CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS)
                            .execute(() -> offerAgain(entry));
                }
            });
        }

        @Override
        public void reject() {
            settle(after -> {
                deadLetters.keep(entry.message);
                acknowledge(entry, after);
            });
        }

        // Settled once, and by a member that is still one: a stale ack must not take the message from its new owner.
        private void settle(Consumer<List<Runnable>> how) {
            transport.<Boolean>locked(after -> {
                if (member.isOpen && member.unsettled.remove(this)) {
                    how.accept(after);
                    deliver(after);
                }
                return true;
            });
        }
    }
}

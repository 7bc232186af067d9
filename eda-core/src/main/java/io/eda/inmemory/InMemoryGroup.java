package io.eda.inmemory;

import io.eda.inmemory.InMemoryTransport.Confirmation;
import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private int size;
    private int nextMember;

    InMemoryGroup(InMemoryTransport transport, ReceiveRequest request) {
        this.transport = transport;
        this.request = request;
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

    Receiver join(ReceiveRequest joining, Consumer<Delivery> onDelivery) {
        if (!joining.types().equals(request.types())) {
            throw new IllegalArgumentException("A member of the group '" + name() + "' wants " + joining.types()
                    + ", but the group receives " + request.types()
                    + ": members share the work, so they want the same; use another group for other events");
        }
        Member member = new Member(joining.maxInFlight(), onDelivery);
        members.add(member);
        return member;
    }

    void dismissMembers() {
        members.forEach(member -> member.isOpen = false);
        members.clear();
    }

    /** Hands what is ready to members that have room, in turn. */
    void deliver(List<Runnable> after) {
        while (!ready.isEmpty()) {
            Member member = memberWithRoom();
            if (member == null) {
                return;
            }
            Entry entry = ready.remove().entries.element();
            MemberDelivery delivery = new MemberDelivery(member, entry);
            member.unsettled.add(delivery);
            after.add(() -> member.onDelivery.accept(delivery));
        }
    }

    private @Nullable Member memberWithRoom() {
        for (int i = 0; i < members.size(); i++) {
            nextMember = (nextMember + 1) % members.size();
            Member member = members.get(nextMember);
            if (member.unsettled.size() < member.maxInFlight) {
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

    private record KeyQueue(String key, Deque<Entry> entries) {}

    private record Entry(KeyQueue queue, Message message, Confirmation confirmation) {}

    private final class Member implements Receiver {

        private final int maxInFlight;
        private final Consumer<Delivery> onDelivery;
        private final Set<MemberDelivery> unsettled = new LinkedHashSet<>();
        private boolean isOpen = true;

        private Member(int maxInFlight, Consumer<Delivery> onDelivery) {
            this.maxInFlight = maxInFlight;
            this.onDelivery = onDelivery;
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
        public void release() {
            settle(after -> ready.addFirst(entry.queue));
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

package io.eda.broker.kafka;

import io.eda.transport.Capability;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.GroupProgress;
import io.eda.transport.Message;
import io.eda.transport.ProgressRequest;
import io.eda.transport.PublishException;
import io.eda.transport.PublishException.Reason;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.TypePattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Events over Apache Kafka. A message goes to the topic of its kind of aggregate, {@code events.order}, with its key as the
 * record's key; a group is a consumer group.
 *
 * <ul>
 *   <li><b>Confirmed</b> means that all replicas in sync have it: {@code acks=all}, with an idempotent producer, so that its
 *       own retries neither double nor overtake.
 *   <li><b>Never held up.</b> {@link #publish} does not wait, for metadata, memory or the broker: what cannot be sent by the
 *       deadline fails. Futures complete on the driver's thread: what is attached to them must not block.
 *   <li><b>Never past an unfinished message.</b> Committed is, of each partition, what is finished from the first on.
 *   <li><b>In order by key</b>, one message of a key at a time, also over members that come and go, as long as a handler ends
 *       within {@link KafkaLimits#revocationTimeout} when its partition is taken away; after that the next member gets the same
 *       message again, while the first may still be at it.
 *   <li><b>Without order</b>, a group is a share group of Kafka 4.2 or newer: where it has more consumers than partitions,
 *       they share a partition, and one key; attempts are counted by the broker. Where it has fewer, a partition is with one
 *       of them, so that {@link Capability#UNORDERED_GROUPS} is not declared.
 *   <li><b>Attempts</b> of an ordered group are counted within a member: a message that comes back after a crash begins anew.
 *   <li><b>Slow handlers never leave the group</b>: they do not run on the thread that polls.
 * </ul>
 *
 * <p>Thread-safe. It connects when it is first used, and starts its threads in {@link #connect}.
 */
public final class KafkaTransport implements EventTransport {

    private final KafkaOptions options;
    private final Destinations destinations;
    private final RecordCodec codec;
    private final Topology topology;
    private final Publisher publisher;
    private final KafkaProgress progress;

    // Under the lock of this map.
    private final Map<String, Group> groups = new HashMap<>();
    private boolean isClosed;

    private KafkaTransport(KafkaOptions options) {
        this.options = options;
        this.destinations = new Destinations(options.topics());
        this.codec = new RecordCodec(options.topics());
        ClientProperties properties = new ClientProperties(options);
        this.topology = new Topology(options.topics(), properties.admin());
        this.publisher =
                new Publisher(options.limits(), topology, new ProducerSlot(properties.producer(), options.meters()));
        this.progress = new KafkaProgress(options, topology, destinations, codec);
    }

    /** Opens a transport. It does not wait for the broker, which may come later. */
    public static KafkaTransport connect(KafkaOptions options) {
        KafkaTransport transport = new KafkaTransport(options);
        transport.publisher.start();
        return transport;
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> capabilities = EnumSet.of(Capability.DURABLE, Capability.ORDER_OVER_MEMBERS);
        if (options.start().isEarliest()) {
            capabilities.add(Capability.REPLAY);
        }
        if (options.transactions().isPresent()) {
            capabilities.add(Capability.TRANSACTIONS);
        }
        return Set.copyOf(capabilities);
    }

    @Override
    public List<CompletableFuture<Void>> publish(List<Message> messages) {
        List<Publication> publications = new ArrayList<>(messages.size());
        for (Message message : messages) {
            publications.add(publication(message));
        }
        publisher.accept(publications);
        return Collections.unmodifiableList(publications);
    }

    private Publication publication(Message message) {
        try {
            refuseLarge(message);
            Destination destination = destinations.of(message.topic());
            return new Publication(destination, codec.encode(message, destination), message, publisher.deadline());
        } catch (PublishException e) {
            return Publication.refused(message, e);
        }
    }

    private void refuseLarge(Message message) {
        int limit = options.limits().maxBody();
        if (message.body().length > limit) {
            throw new PublishException(
                    Reason.TOO_LARGE,
                    "The message " + message + " was not published: its body has " + message.body().length
                            + " bytes, and the limit is " + limit
                            + ". Make it smaller, or raise KafkaLimits.maxBody and the broker's message.max.bytes");
        }
    }

    private Outputs outputs() {
        return options.transactions().isEmpty()
                ? Outputs.none()
                : messages -> messages.stream().map(this::output).toList();
    }

    private Output output(Message message) {
        refuseLarge(message);
        Destination destination = destinations.of(message.topic());
        // It is published when the offset is committed, and until then its body is the caller's.
        ProducerRecord<byte[], byte[]> record = codec.encode(message.copy(), destination);
        return new Output(destination, record, Publication.sizeOf(record));
    }

    private CompletableFuture<Void> publishTo(Destination destination, Message message) {
        try {
            // A letter is as large as what came: refused, it would hold up its partition for good.
            if (destination.kind() != Destination.Kind.DEAD_LETTERS) {
                refuseLarge(message);
            }
            return publishTo(destination, codec.encode(message, destination), message);
        } catch (PublishException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Void> publishTo(
            Destination destination, ProducerRecord<byte[], byte[]> record, Object named) {
        Publication publication = new Publication(destination, record, named, publisher.deadline());
        publisher.accept(List.of(publication));
        return publication;
    }

    @Override
    public Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
        KafkaReceiver receiver;
        synchronized (groups) {
            if (isClosed) {
                throw new IllegalStateException(
                        "The group '" + request.group() + "' cannot receive: the transport is closed");
            }
            receiver = group(request.group()).join(request, onDeliveries);
        }
        receiver.start();
        return receiver;
    }

    @Override
    public DeadLetterQueue deadLetters(String group) {
        synchronized (groups) {
            return group(group).deadLetters;
        }
    }

    /**
     * Finds the records of each message, by its id, from its time on, and compares them with the group's committed offsets. A copy that the
     * group has not passed decides; a message whose records are gone, and one of a group without order, is unknown. It reads up to the whole
     * allowance of records, and needs the right to read the topics and to describe the group.
     */
    @Override
    public List<GroupProgress> progress(ProgressRequest request) {
        return progress.of(request);
    }

    /**
     * Moves {@code group} to {@code start} in every topic that it reads: to replay into a group of its own what another one has
     * handled, or to handle something again. Touches no other group. Blocks, up to a minute.
     *
     * @throws org.apache.kafka.common.KafkaException if the group has members, here or elsewhere, or the broker does not answer
     */
    public void rewind(String group, StartingPoint start) {
        Set<String> topics = Waiting.get(topology.eventTopics(), Duration.ofSeconds(30), "the list of topics");
        new GroupStart(topology, start).reset(group, topics);
    }

    /** Closes all receivers, waits for what is published, for the limit's {@code closeTimeout} at most, and fails the rest. */
    @Override
    public void close() {
        List<KafkaReceiver> receivers = new ArrayList<>();
        synchronized (groups) {
            isClosed = true;
            groups.values().forEach(group -> receivers.addAll(group.members));
        }
        receivers.parallelStream().forEach(KafkaReceiver::close);
        publisher.close();
        synchronized (groups) {
            groups.values().forEach(group -> group.deadLetters.close());
        }
        topology.close();
    }

    // Under the lock.
    private Group group(String name) {
        return groups.computeIfAbsent(name, Group::new);
    }

    private final class Group implements KafkaDeadLetters.Outlet {

        private final String name;
        private final KafkaDeadLetters deadLetters;
        private final Set<KafkaReceiver> members = new HashSet<>();
        private final BitSet slots = new BitSet();
        private Set<TypePattern> types = Set.of();
        private boolean isOrdered = true;

        private Group(String name) {
            this.name = name;
            this.deadLetters = new KafkaDeadLetters(name, topology, this, options);
        }

        private KafkaReceiver join(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries) {
            refuseOther(request);
            int slot = slots.nextClearBit(0);
            String suffix = slot == 0 ? "" : "-" + slot;
            KafkaReceiver[] self = new KafkaReceiver[1];
            Member member = new Member(suffix, deadLetters::add, this::again, outputs(), () -> leave(self[0], slot));
            self[0] = request.isOrdered()
                    ? new GroupReceiver(request, onDeliveries, options, topology, member)
                    : new ShareReceiver(request, onDeliveries, options, topology, member);
            slots.set(slot);
            members.add(self[0]);
            return self[0];
        }

        private void refuseOther(ReceiveRequest request) {
            if (!members.isEmpty() && !types.equals(request.types())) {
                throw new IllegalArgumentException("A member of the group '" + name + "' wants " + request.types()
                        + ", but the group receives " + types
                        + ": members share the work, so they want the same; use another group for other events");
            }
            if (!types.isEmpty() && isOrdered != request.isOrdered()) {
                throw new IllegalArgumentException("A member of the group '" + name + "' is to receive "
                        + (request.isOrdered() ? "in order" : "without order") + ", and the group does not:"
                        + " Kafka knows a group as one or the other; use another group");
            }
            if (!request.isOrdered()) {
                ShareGroup.refuseOffsets(name, options.start());
            }
            types = request.types();
            isOrdered = request.isOrdered();
        }

        private CompletableFuture<Void> again(ProducerRecord<byte[], byte[]> record) {
            return publishTo(Destination.redeliveryTo(name), record, "that comes to '" + name + "' once more");
        }

        private void leave(KafkaReceiver member, int slot) {
            synchronized (groups) {
                members.remove(member);
                slots.clear(slot);
            }
        }

        @Override
        public CompletableFuture<Void> publish(Destination destination, Message message) {
            return publishTo(destination, message);
        }

        @Override
        public CompletableFuture<Void> publish(
                Destination destination, ProducerRecord<byte[], byte[]> record, String publicationName) {
            return publishTo(destination, record, publicationName);
        }
    }
}

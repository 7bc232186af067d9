package io.eda.testkit.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.testkit.ServerFaults;
import io.eda.transport.Capability;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.TypePattern;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Timeout;

/** What the cases of all groups are written with. Each case has names of its own, and closes what it opened. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(180)
abstract class TransportCases {

    private static final int DEFAULT_MAX_IN_FLIGHT = 100;

    private final EventTransportContract suite;
    private final String mark = EventTransportContract.freshName("case");
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    TransportCases(EventTransportContract suite) {
        this.suite = suite;
    }

    @AfterEach
    final void closeWhatWasOpened() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    final EventTransport transport() throws Exception {
        return suite.shared();
    }

    /** Opens one more connection to the same broker. */
    final EventTransport another() throws Exception {
        if (suite.isAlone()) {
            throw suite.switchedOff()
                    .because("a second connection would have a broker of its own (" + faults().whyMissing() + ")");
        }
        return ofItsOwn();
    }

    /** Opens a connection that the case may close. Where the transport is alone, it has a broker of its own. */
    final EventTransport ofItsOwn() throws Exception {
        EventTransport transport = suite.openTransport();
        opened.push(transport);
        return transport;
    }

    /** Opens a connection on which deliveries can be acknowledged with what was made of them. */
    final EventTransport transactional() throws Exception {
        EventTransport transport = suite.openTransactional();
        opened.push(transport);
        requires(Capability.TRANSACTIONS, transport);
        return transport;
    }

    final void requires(Capability capability) throws Exception {
        requires(capability, transport());
    }

    private void requires(Capability capability, EventTransport transport) {
        if (!transport.capabilities().contains(capability)) {
            throw suite.switchedOff().because("the transport does not declare " + capability);
        }
    }

    final void requires(ServerFaults.Fault... needed) {
        suite.switchedOff().unlessGiven(faults(), needed);
    }

    final ServerFaults faults() {
        return suite.faults();
    }

    final EventTransportContract suite() {
        return suite;
    }

    /** Returns a group that is this case's own. */
    final String group(String name) {
        return mark + "-" + name;
    }

    final String topic() {
        return suite.topics().get(0);
    }

    final String otherTopic() {
        return suite.topics().get(1);
    }

    /** Returns a type that is this case's own. */
    final String type(String name) {
        return mark + "." + name;
    }

    /** Returns a key that is this case's own. */
    final String key(String name) {
        return mark + "/" + name;
    }

    /** Returns a message whose id tells its key and number. */
    final Message message(String key, int number) {
        String id = mark + "-" + key + "-" + number;
        return new Message(id, topic(), type("created"), key(key), Map.of("n", "" + number), id.getBytes(UTF_8));
    }

    /** Returns the messages 1 to {@code count} of one key. */
    final List<Message> messages(String key, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(n -> message(key, n)).toList();
    }

    /** Returns messages of as many keys. */
    final List<Message> messagesOfKeys(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> message("k" + n, n))
                .toList();
    }

    /** Returns the number that {@link #message} gave it. */
    static int number(Delivery delivery) {
        return Integer.parseInt(delivery.message().headers().getOrDefault("n", "0"));
    }

    static Message withBody(Message m, byte[] body) {
        return new Message(m.id(), m.topic(), m.type(), m.key(), m.headers(), body);
    }

    static Message withType(Message m, String type) {
        return new Message(m.id(), m.topic(), type, m.key(), m.headers(), m.body());
    }

    static Message withTopic(Message m, String topic) {
        return new Message(m.id(), topic, m.type(), m.key(), m.headers(), m.body());
    }

    static List<String> ids(List<Message> messages) {
        return messages.stream().map(Message::id).toList();
    }

    /** Plans a member on the shared connection that wants the types of this case and acknowledges at once. */
    final MemberPlan member(String group) throws Exception {
        return new MemberPlan(
                transport(),
                group(group),
                Set.of(new TypePattern(mark + ".#")),
                DEFAULT_MAX_IN_FLIGHT,
                true,
                Delivery::ack);
    }

    /** Joins, and returns when messages that come now would be delivered. */
    final Member join(MemberPlan plan) {
        Member member = joinUnready(plan);
        eventually(
                "the member of '" + plan.group() + "' is receiving",
                () -> member.receiver().status().isReceiving());
        return member;
    }

    final Member joinUnready(MemberPlan plan) {
        Member member = new Member(
                "member " + (opened.size() + 1),
                delivery -> delivery.message().type().startsWith(mark),
                plan.behaviour());
        member.receivesBy(plan.transport().receive(plan.request(), member));
        opened.push(member);
        return member;
    }

    /** Publishes on the shared connection and returns when all are confirmed. */
    final void publish(Message... messages) throws Exception {
        publish(Arrays.asList(messages));
    }

    final void publish(List<Message> messages) throws Exception {
        publish(transport(), messages);
    }

    final void publish(EventTransport transport, List<Message> messages) throws Exception {
        List<CompletableFuture<Void>> futures = transport.publish(messages);
        assertThat(futures).as("the futures of %s messages", messages.size()).hasSameSizeAs(messages);
        for (CompletableFuture<Void> future : futures) {
            future.get(patience().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    final Duration patience() {
        return suite.patience();
    }

    final void eventually(String what, BooleanSupplier condition) {
        waiting(what).until(condition::getAsBoolean);
    }

    /** Waits until the members together have received {@code count} deliveries at least. */
    final void awaitArrivals(int count, Member... members) {
        waiting(count + " deliveries to " + members.length + " members")
                .until(() -> all(members).size(), received -> received >= count);
    }

    /** Waits until they have received {@code count}, and watches that no more comes. */
    final void awaitExactly(int count, Member... members) {
        awaitArrivals(count, members);
        Awaitility.await("no more than " + count + " deliveries")
                .pollInterval(Duration.ofMillis(10))
                .during(suite.quiet())
                .atMost(patience().plus(suite.quiet()))
                .failFast(() -> assertThat(all(members)).hasSizeLessThanOrEqualTo(count))
                .until(() -> all(members).size() == count);
    }

    /** Returns what came to the members, one member after the other. */
    static List<Arrival> all(Member... members) {
        List<Arrival> all = new ArrayList<>();
        for (Member member : members) {
            all.addAll(member.arrivals());
        }
        return all;
    }

    static List<String> idsOf(List<Arrival> arrivals) {
        return arrivals.stream().map(Arrival::id).toList();
    }

    private ConditionFactory waiting(String what) {
        return Awaitility.await(what).atMost(patience()).pollInterval(Duration.ofMillis(5));
    }
}

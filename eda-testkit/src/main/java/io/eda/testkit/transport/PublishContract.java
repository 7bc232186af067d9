package io.eda.testkit.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.eda.testkit.Race;
import io.eda.transport.Capability;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What was confirmed arrives as it was, and every future tells of its own message alone. */
abstract class PublishContract extends TransportCases {

    private static final int PUBLISHERS = 50;
    private static final int BATCHES = 20;
    private static final int BATCH = 5;

    PublishContract(EventTransportContract suite) {
        super(suite);
    }

    @Test
    void what_was_published_is_what_arrives() throws Exception {
        Member member = join(member("readers"));
        List<Message> published = messagesOfKeys(100);

        publish(published);

        awaitExactly(100, member);
        assertThat(member.arrivals())
                .allSatisfy(arrival -> assertThat(arrival.attempt()).isEqualTo(1));
        assertThat(member.arrivals().stream().map(a -> describe(a.message())).toList())
                .containsExactlyInAnyOrderElementsOf(
                        published.stream().map(PublishContract::describe).toList());
    }

    @Test
    void headers_of_any_script_arrive_as_they_were() throws Exception {
        Member member = join(member("readers"));
        Map<String, String> headers = new HashMap<>();
        headers.put("größe", "übergroß");
        headers.put("日本語", "値");
        headers.put("emoji😀", "👩‍👩‍👧");
        headers.put("עברית", "שלום");
        headers.put("a name with spaces", "  spaces around  ");
        headers.put("Case", "upper");
        headers.put("case", "lower");
        headers.put("empty", "");
        headers.put("number", "42");
        headers.put("quotes\"'\\", "{\"json\": [1, \"\\\\\"]}");
        headers.put("long", "ä".repeat(4_000));
        headers.put("n".repeat(100), "a long name");
        Message plain = message("a", 1);

        publish(new Message(plain.id(), plain.topic(), plain.type(), plain.key(), headers, plain.body()));

        awaitExactly(1, member);
        assertThat(member.delivery(0).message().headers()).isEqualTo(headers);
    }

    @Test
    void keys_of_any_script_arrive_as_they_were() throws Exception {
        Member member = join(member("readers"));
        List<String> keys = List.of("größe 42", "注文/1", "a.b*#", "😀", "k".repeat(255), key("plain"));
        List<Message> published = new ArrayList<>();
        for (String key : keys) {
            Message m = message("a", published.size());
            published.add(new Message(m.id(), m.topic(), m.type(), key, m.headers(), m.body()));
        }

        publish(published);

        awaitExactly(keys.size(), member);
        assertThat(member.arrivals().stream().map(Arrival::key)).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void bodies_of_every_size_arrive_byte_for_byte() throws Exception {
        Member member = join(member("readers"));
        int largest = suite().largestBody().orElse(1 << 20);
        Random random = new Random(42);
        List<Message> published = new ArrayList<>();
        for (int size : new int[] {0, 1, 255, 256, 65_536, Math.min(largest, 400_000), largest}) {
            byte[] body = new byte[size];
            random.nextBytes(body);
            published.add(withBody(message("size", published.size()), body));
        }

        publish(published);

        awaitExactly(published.size(), member);
        for (int i = 0; i < published.size(); i++) {
            assertThat(member.delivery(i).message().body())
                    .as("the body of %s bytes", published.get(i).body().length)
                    .isEqualTo(published.get(i).body());
        }
    }

    @Test
    void a_body_over_the_limit_is_refused_for_ever_and_harms_no_other() throws Exception {
        if (suite().largestBody().isEmpty()) {
            throw suite().switchedOff().because("no largest body is declared");
        }
        Member member = join(member("readers"));
        Message tooLarge =
                withBody(message("b", 2), new byte[suite().largestBody().getAsInt() + 1]);

        List<CompletableFuture<Void>> futures =
                transport().publish(List.of(message("a", 1), tooLarge, message("c", 3)));

        futures.get(0).get(patience().toNanos(), TimeUnit.NANOSECONDS);
        PublishException refusal = failureOf(futures.get(1));
        assertThat(refusal.reason()).isEqualTo(PublishException.Reason.TOO_LARGE);
        assertThat(refusal.isPermanent()).isTrue();
        futures.get(2).get(patience().toNanos(), TimeUnit.NANOSECONDS);
        publish(message("d", 4));
        awaitExactly(3, member);
    }

    @Test
    void headers_over_any_limit_are_answered_and_harm_no_other() throws Exception {
        Member member = join(member("readers"));
        Map<String, String> headers = new HashMap<>();
        IntStream.range(0, 64).forEach(i -> headers.put("header-" + i, "x".repeat(4_000)));
        Message m = message("a", 1);
        Message heavy = new Message(m.id(), m.topic(), m.type(), m.key(), headers, m.body());

        Throwable refusal = catchThrowable(
                () -> transport().publish(List.of(heavy)).get(0).get(patience().toNanos(), TimeUnit.NANOSECONDS));
        publish(message("b", 2));

        if (refusal == null) {
            awaitExactly(2, member);
            assertThat(member.arrivals())
                    .anySatisfy(
                            arrival -> assertThat(arrival.message().headers()).isEqualTo(headers));
        } else {
            assertThat(refusal.getCause()).isInstanceOf(PublishException.class);
            awaitExactly(1, member);
        }
    }

    @Test
    void what_the_caller_changes_after_publishing_has_no_effect() throws Exception {
        Member member = join(member("readers"));
        byte[] body = "before".getBytes(UTF_8);
        List<Message> batch = new ArrayList<>(List.of(withBody(message("a", 1), body), message("b", 2)));

        List<CompletableFuture<Void>> futures = transport().publish(batch);
        Arrays.fill(body, (byte) 'X');
        batch.clear();

        futures.get(1).get(patience().toNanos(), TimeUnit.NANOSECONDS);
        awaitExactly(2, member);
        assertThat(member.arrivals())
                .filteredOn(arrival -> arrival.key().equals(key("a")))
                .allSatisfy(arrival ->
                        assertThat(new String(arrival.message().body(), UTF_8)).isEqualTo("before"))
                .hasSize(1);
    }

    @Test
    void a_publisher_that_waits_for_nothing_keeps_the_order_of_a_key() throws Exception {
        Member member = join(member("readers"));
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        List<Message> published = messages("a", 500);
        for (Message message : published) {
            futures.addAll(transport().publish(List.of(message)));
        }

        awaitExactly(500, member);
        assertThat(member.ids()).containsExactlyElementsOf(ids(published));
        assertThat(futures)
                .allSatisfy(future -> assertThat(future.get(patience().toNanos(), TimeUnit.NANOSECONDS))
                        .isNull());
    }

    @Test
    void nothing_to_publish_is_no_future() throws Exception {
        assertThat(transport().publish(List.of())).isEmpty();
        Member member = join(member("readers"));
        publish(message("a", 1));
        awaitExactly(1, member);
    }

    @Test
    void of_fifty_publishers_every_future_completes_once_and_every_message_arrives_once() throws Exception {
        Member member = join(member("readers").withMaxInFlight(1_000));
        int count = PUBLISHERS * BATCHES * BATCH;
        CountDownLatch answered = new CountDownLatch(count);
        AtomicInteger completions = new AtomicInteger();
        List<Message> published = Collections.synchronizedList(new ArrayList<>());

        Race.run(IntStream.range(0, PUBLISHERS)
                .<Callable<Boolean>>mapToObj(publisher -> () -> {
                    for (int b = 0; b < BATCHES; b++) {
                        List<Message> batch = new ArrayList<>();
                        for (int i = 0; i < BATCH; i++) {
                            batch.add(message("p" + publisher, b * BATCH + i));
                        }
                        published.addAll(batch);
                        for (CompletableFuture<Void> future : transport().publish(batch)) {
                            var unused = future.whenComplete((done, failure) -> {
                                if (failure == null) {
                                    completions.incrementAndGet();
                                }
                                answered.countDown();
                            });
                        }
                    }
                    return true;
                })
                .toList());

        assertThat(answered.await(patience().toNanos(), TimeUnit.NANOSECONDS))
                .as("all futures completed")
                .isTrue();
        assertThat(completions).hasValue(count);
        awaitExactly(count, member);
        assertThat(member.ids()).containsExactlyInAnyOrderElementsOf(ids(published));
    }

    @Test
    void a_message_that_no_group_wants_is_never_reported_published() throws Exception {
        requires(Capability.REPORTS_UNROUTABLE);
        Member member = join(member("readers").wanting(type("created")));

        List<CompletableFuture<Void>> futures = transport()
                .publish(List.of(message("a", 1), withType(message("a", 2), type("unwanted")), message("b", 3)));

        PublishException refusal = failureOf(futures.get(1));
        assertThat(refusal.reason()).isEqualTo(PublishException.Reason.UNROUTABLE);
        assertThat(refusal.isPermanent()).isTrue();
        futures.get(0).get(patience().toNanos(), TimeUnit.NANOSECONDS);
        futures.get(2).get(patience().toNanos(), TimeUnit.NANOSECONDS);
        awaitExactly(2, member);
    }

    @Test
    void after_close_every_publish_is_refused() throws Exception {
        EventTransport closing = ofItsOwn();
        publish(closing, messages("a", 3));

        closing.close();

        List<CompletableFuture<Void>> futures = closing.publish(messages("b", 3));
        assertThat(futures).hasSize(3);
        for (CompletableFuture<Void> future : futures) {
            PublishException refusal = failureOf(future);
            assertThat(refusal.reason()).isEqualTo(PublishException.Reason.NOT_ACCEPTED);
            assertThat(refusal).hasMessageContaining("closed");
        }
    }

    @Test
    void while_it_closes_every_future_completes_and_what_was_confirmed_is_there() throws Exception {
        EventTransport closing = another();
        Member member = join(member("readers").withMaxInFlight(1_000));
        List<String> confirmed = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Void>> futures = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch begun = new CountDownLatch(200);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int p = 0; p < 4; p++) {
            String publisher = "p" + p;
            tasks.add(() -> {
                for (int n = 0; n < 500; n++) {
                    Message message = message(publisher, n);
                    CompletableFuture<Void> future =
                            closing.publish(List.of(message)).get(0);
                    futures.add(future.thenRun(() -> confirmed.add(message.id())));
                    begun.countDown();
                }
                return true;
            });
        }
        tasks.add(() -> {
            begun.await();
            closing.close();
            return true;
        });

        Race.run(tasks);

        assertThat(futures).hasSize(2_000);
        for (CompletableFuture<Void> future : futures) {
            Throwable failure = catchThrowable(() -> future.get(patience().toNanos(), TimeUnit.NANOSECONDS));
            assertThat(future.isDone()).as("a future is completed by the close").isTrue();
            if (failure != null) {
                assertThat(failure.getCause()).isInstanceOf(PublishException.class);
            }
        }
        assertThat(confirmed).isNotEmpty();
        eventually("what was confirmed arrives", () -> member.ids().containsAll(confirmed));
    }

    /** Returns why {@code future} failed, and fails where it did not. */
    private PublishException failureOf(CompletableFuture<Void> future) {
        Throwable failure = catchThrowable(() -> future.get(patience().toNanos(), TimeUnit.NANOSECONDS));
        assertThat(failure).as("the failure of a publish future").isNotNull();
        assertThat(failure.getCause()).isInstanceOf(PublishException.class);
        return (PublishException) Objects.requireNonNull(failure.getCause());
    }

    private static List<Object> describe(Message m) {
        return List.of(m.id(), m.topic(), m.type(), m.key(), m.headers(), new String(m.body(), UTF_8));
    }
}

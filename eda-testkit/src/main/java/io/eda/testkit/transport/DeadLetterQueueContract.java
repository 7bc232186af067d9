package io.eda.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.testkit.Race;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a group could not handle is kept for it, as it was, until somebody decides. */
abstract class DeadLetterQueueContract extends TransportCases {

    DeadLetterQueueContract(EventTransportContract suite) {
        super(suite);
    }

    @Test
    void a_letter_is_kept_as_it_was() throws Exception {
        byte[] body = new byte[100_000];
        new Random(7).nextBytes(body);
        Map<String, String> headers = new HashMap<>();
        headers.put("größe", "übergroß 😀");
        headers.put("empty", "");
        headers.put("eda-dead-reason", "the handler failed: " + "x".repeat(2_000));
        Message m = message("a", 1);
        Message letter = new Message(m.id(), m.topic(), m.type(), "größe 42", headers, body);

        add(letters("mail"), letter);

        List<Message> read = letters("mail").read(10);
        assertThat(read).hasSize(1);
        assertThat(read.get(0).id()).isEqualTo(letter.id());
        assertThat(read.get(0).topic()).isEqualTo(letter.topic());
        assertThat(read.get(0).type()).isEqualTo(letter.type());
        assertThat(read.get(0).key()).isEqualTo(letter.key());
        assertThat(read.get(0).headers()).isEqualTo(headers);
        assertThat(read.get(0).body()).isEqualTo(body);
    }

    @Test
    void reading_shows_the_oldest_and_leaves_them_where_they_are() throws Exception {
        for (Message letter : messages("a", 20)) {
            add(letters("mail"), letter);
        }

        assertThat(ids(letters("mail").read(5))).containsExactlyElementsOf(ids(messages("a", 5)));
        assertThat(ids(letters("mail").read(5))).containsExactlyElementsOf(ids(messages("a", 5)));
        assertThat(ids(letters("mail").read(100))).containsExactlyElementsOf(ids(messages("a", 20)));
    }

    @Test
    void removing_forgets_one_and_says_whether_it_was_there() throws Exception {
        for (Message letter : messages("a", 5)) {
            add(letters("mail"), letter);
        }

        assertThat(letters("mail").remove(message("a", 3).id())).isTrue();
        assertThat(letters("mail").remove(message("a", 3).id())).isFalse();
        assertThat(letters("mail").remove("nobody's id")).isFalse();

        List<String> rest = new ArrayList<>(ids(messages("a", 5)));
        rest.remove(2);
        assertThat(ids(letters("mail").read(100))).containsExactlyElementsOf(rest);
    }

    @Test
    void letters_of_one_group_are_not_those_of_another() throws Exception {
        add(letters("mail"), message("a", 1));
        add(letters("audit"), message("b", 1));

        assertThat(ids(letters("mail").read(10)))
                .containsExactly(message("a", 1).id());
        assertThat(ids(letters("audit").read(10)))
                .containsExactly(message("b", 1).id());
        assertThat(letters("audit").remove(message("a", 1).id())).isFalse();
        assertThat(letters("stock").read(10)).isEmpty();
    }

    @Test
    void letters_stay_when_the_members_leave() throws Exception {
        Member member = join(member("mail").answering(delivery -> delivery.reject()));
        publish(messages("a", 3));
        awaitExactly(3, member);
        eventually("all are kept", () -> read("mail") == 3);

        member.close();

        assertThat(ids(letters("mail").read(10))).containsExactlyElementsOf(ids(messages("a", 3)));
    }

    @Test
    void letters_are_seen_from_every_connection() throws Exception {
        DeadLetterQueue elsewhere = another().deadLetters(group("mail"));
        add(letters("mail"), message("a", 1));

        assertThat(ids(elsewhere.read(10))).containsExactly(message("a", 1).id());
        assertThat(elsewhere.remove(message("a", 1).id())).isTrue();
        assertThat(letters("mail").read(10)).isEmpty();
    }

    @Test
    void redelivering_reaches_this_group_alone_as_a_first_attempt() throws Exception {
        Member mail = join(member("mail"));
        Member audit = join(member("audit"));
        Message message = message("a", 1);

        letters("mail").redeliver(message).get(patience().toNanos(), TimeUnit.NANOSECONDS);

        awaitExactly(1, mail);
        awaitExactly(0, audit);
        Arrival arrival = mail.arrivals().get(0);
        assertThat(arrival.id()).isEqualTo(message.id());
        assertThat(arrival.key()).isEqualTo(message.key());
        assertThat(arrival.message().topic()).isEqualTo(message.topic());
        assertThat(arrival.message().type()).isEqualTo(message.type());
        assertThat(arrival.message().headers()).containsAllEntriesOf(message.headers());
        assertThat(arrival.message().body()).isEqualTo(message.body());
        assertThat(arrival.attempt()).isEqualTo(1);
    }

    @Test
    void what_failed_often_and_was_rejected_begins_again_when_it_is_redelivered() throws Exception {
        Member member = join(member("mail").answering(delivery -> {
            if (delivery.attempt() < 3) {
                delivery.retryLater(Duration.ZERO);
            } else {
                delivery.reject();
            }
        }));
        publish(message("a", 1));
        awaitExactly(3, member);
        eventually("it is kept", () -> read("mail") == 1);

        Message letter = letters("mail").read(1).get(0);
        assertThat(letters("mail").remove(letter.id())).isTrue();
        letters("mail").redeliver(letter).get(patience().toNanos(), TimeUnit.NANOSECONDS);

        awaitExactly(6, member);
        assertThat(member.arrivals().stream().map(Arrival::attempt)).containsExactly(1, 2, 3, 1, 2, 3);
        eventually("it is kept again", () -> read("mail") == 1);
    }

    @Test
    void what_is_redelivered_waits_for_a_member() throws Exception {
        join(member("mail")).close();

        letters("mail").redeliver(message("a", 1)).get(patience().toNanos(), TimeUnit.NANOSECONDS);

        awaitExactly(1, join(member("mail")));
    }

    @Test
    void racing_writers_lose_no_letter() throws Exception {
        DeadLetterQueue letters = letters("mail");
        Race.run(IntStream.range(0, 10)
                .<Callable<Boolean>>mapToObj(writer -> () -> {
                    for (Message letter : messages("w" + writer, 10)) {
                        add(letters, letter);
                    }
                    return true;
                })
                .toList());

        List<Message> read = letters.read(1_000);
        assertThat(read).hasSize(100);
        assertThat(read.stream().map(Message::id).distinct()).hasSize(100);
    }

    private DeadLetterQueue letters(String group) throws Exception {
        return transport().deadLetters(group(group));
    }

    private int read(String group) {
        try {
            return letters(group).read(100).size();
        } catch (Exception e) {
            throw new AssertionError("The dead letters could not be read", e);
        }
    }

    private void add(DeadLetterQueue letters, Message letter) throws Exception {
        letters.add(letter).get(patience().toNanos(), TimeUnit.NANOSECONDS);
    }
}

package io.eda.inmemory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.MutableClock;
import io.eda.parking.ParkedKey;
import io.eda.parking.ParkedReplay;
import io.eda.transport.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class InMemoryParkedMessagesTest {

    private static final ParkedKey ADA = new ParkedKey("mail", "account", "ada");
    private static final ParkedKey BOB = new ParkedKey("mail", "account", "bob");
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final MutableClock clock = new MutableClock();
    private final InMemoryParkedMessages store = new InMemoryParkedMessages(clock, 3);

    @Test
    void behind_others_a_message_is_parked_only_where_its_key_is() {
        assertThat(store.park(ADA, message("1"), true).join()).isFalse();
        assertThat(store.park(ADA, message("1"), false).join()).isTrue();
        assertThat(store.park(ADA, message("2"), true).join()).isTrue();
        assertThat(store.parked(Set.of(ADA, BOB)).join()).containsExactly(ADA);
        assertThat(ids(ADA)).containsExactly("1", "2");
    }

    @Test
    void a_message_that_is_parked_again_is_there_once_and_in_its_old_place() {
        assertThat(store.park(ADA, message("1"), false).join()).isTrue();
        assertThat(store.park(ADA, message("2"), true).join()).isTrue();
        assertThat(store.park(ADA, message("1"), true).join()).isTrue();
        assertThat(ids(ADA)).containsExactly("1", "2");
    }

    @Test
    void beyond_its_capacity_it_refuses_and_says_so() {
        for (String id : List.of("1", "2", "3")) {
            assertThat(store.park(ADA, message(id), false).join()).isTrue();
        }
        assertThatThrownBy(() -> store.park(BOB, message("4"), false).join())
                .hasMessageContaining("3 are, which is the limit; replay or drop some");
        assertThat(store.park(ADA, message("3"), false).join()).isTrue();
    }

    @Test
    void only_what_was_released_is_taken_and_by_one_member_at_a_time() {
        assertThat(store.park(ADA, message("1"), false).join()).isTrue();
        assertThat(store.take("mail", "a", LEASE)).isEmpty();
        assertThat(store.release(BOB)).isFalse();
        assertThat(store.release(ADA)).isTrue();
        assertThat(store.take("audit", "a", LEASE)).isEmpty();
        ParkedReplay replay = store.take("mail", "a", LEASE).orElseThrow();
        assertThat(replay.message().id()).isEqualTo("1");
        assertThat(store.take("mail", "b", LEASE)).isEmpty();
        assertThat(store.drop(ADA, "1")).isFalse();
    }

    @Test
    void a_member_whose_lease_is_over_changes_nothing() {
        assertThat(store.park(ADA, message("1"), false).join()).isTrue();
        assertThat(store.park(ADA, message("2"), false).join()).isTrue();
        assertThat(store.release(ADA)).isTrue();
        ParkedReplay late = store.take("mail", "a", LEASE).orElseThrow();
        clock.advance(LEASE.plusMillis(1));
        ParkedReplay other = store.take("mail", "b", LEASE).orElseThrow();
        assertThat(store.extend(late, LEASE)).isFalse();
        assertThat(store.done(late)).isEmpty();
        store.giveBack(late, Optional.of(message("x")));
        assertThat(ids(ADA)).containsExactly("1", "2");
        assertThat(store.extend(other, LEASE)).isTrue();
        assertThat(store.done(other).orElseThrow().message().id()).isEqualTo("2");
    }

    @Test
    void the_key_is_free_when_its_last_message_was_handled() {
        assertThat(store.park(ADA, message("1"), false).join()).isTrue();
        assertThat(store.release(ADA)).isTrue();
        ParkedReplay replay = store.take("mail", "a", LEASE).orElseThrow();
        assertThat(store.park(ADA, message("2"), true).join()).isTrue();
        ParkedReplay next = store.done(replay).orElseThrow();
        assertThat(next.message().id()).isEqualTo("2");
        assertThat(store.done(next)).isEmpty();
        assertThat(store.parked(Set.of(ADA)).join()).isEmpty();
        assertThat(store.park(ADA, message("3"), true).join()).isFalse();
    }

    @Test
    void given_back_with_a_letter_it_stays_and_without_it_may_be_taken_again() {
        assertThat(store.park(ADA, message("1"), false).join()).isTrue();
        assertThat(store.park(ADA, message("2"), false).join()).isTrue();
        assertThat(store.release(ADA)).isTrue();
        store.giveBack(store.take("mail", "a", LEASE).orElseThrow(), Optional.empty());
        ParkedReplay again = store.take("mail", "b", LEASE).orElseThrow();
        Message letter = new Message("1", "account", "money.deposited", "ada", Map.of("why", "bad"), new byte[0]);
        store.giveBack(again, Optional.of(letter));
        assertThat(store.take("mail", "a", LEASE)).isEmpty();
        assertThat(store.messages(ADA, 1).get(0).headers()).containsEntry("why", "bad");
        assertThat(ids(ADA)).containsExactly("1", "2");
        assertThat(store.drop(ADA, "1")).isTrue();
        assertThat(store.drop(ADA, "1")).isFalse();
        assertThat(store.keys("mail", 10)).containsExactly(ADA);
    }

    private List<String> ids(ParkedKey key) {
        return store.messages(key, 10).stream().map(Message::id).toList();
    }

    private static Message message(String id) {
        return new Message(id, "account", "money.deposited", "ada", Map.of(), new byte[] {1});
    }
}

package io.eda.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.parking.ParkedKey;
import io.eda.parking.ParkedMessages;
import io.eda.parking.ParkedReplay;
import io.eda.transport.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Proves the promises of {@link ParkedMessages} for one implementation. An adapter says how to open an empty store. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(90)
public abstract class ParkedMessagesContract {

    private static final ParkedKey ADA = new ParkedKey("mail", "account", "ada");
    private static final ParkedKey BOB = new ParkedKey("mail", "account", "bob");
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final int CAPACITY = 1_000;

    @SuppressWarnings("NullAway.Init") // open() sets it before every test.
    private ParkedMessages store;

    /** For subclasses. */
    protected ParkedMessagesContract() {}

    /** Opens a store in which nothing is parked, and that lets a group park {@code capacity} messages; called for every test. */
    protected abstract ParkedMessages openStore(int capacity) throws Exception;

    /** Opens a second store over the messages of {@code first}, as another process would; {@code first} itself, where it is alone. */
    protected ParkedMessages another(ParkedMessages first) throws Exception {
        return first;
    }

    @BeforeEach
    final void open() throws Exception {
        store = openStore(CAPACITY);
    }

    @Test
    void behind_others_a_message_is_parked_only_where_its_key_is() throws Exception {
        ParkedMessages other = another(store);
        assertThat(park(store, ADA, "1", true)).isFalse();
        assertThat(store.parked(Set.of(ADA, BOB)).join()).isEmpty();

        assertThat(park(store, ADA, "1", false)).isTrue();
        assertThat(park(other, ADA, "2", true)).isTrue();
        assertThat(park(other, BOB, "3", true)).isFalse();

        assertThat(other.parked(Set.of(ADA, BOB)).join()).containsExactly(ADA);
        assertThat(store.parked(Set.of()).join()).isEmpty();
        assertThat(ids(store, ADA)).containsExactly("1", "2");
    }

    @Test
    void a_message_that_is_parked_again_is_there_once_and_in_its_old_place() throws Exception {
        assertThat(park(store, ADA, "1", false)).isTrue();
        assertThat(park(store, ADA, "2", true)).isTrue();

        assertThat(park(store, ADA, "1", true)).isTrue();
        assertThat(park(another(store), ADA, "1", false)).isTrue();

        assertThat(ids(store, ADA)).containsExactly("1", "2");
        assertThat(store.drop(ADA, "2")).isTrue();
        assertThat(store.drop(ADA, "1")).isTrue();
        assertThat(store.parked(Set.of(ADA)).join()).isEmpty();
    }

    @Test
    void messages_come_back_as_they_were() {
        Message whole = new Message(
                "id ü 🙂",
                "topic/ü",
                "money.deposited",
                "key\twith\nlines",
                Map.of("empty", "", "größe", "\"a\", {b} \\ NULL 🙂", "NULL", "null"),
                new byte[] {0, 1, -1, 13, 10, 0});
        Message empty = new Message("2", "account", "money.deposited", "ada", Map.of(), new byte[0]);
        assertThat(store.park(ADA, whole, false).join()).isTrue();
        assertThat(store.park(ADA, empty, true).join()).isTrue();

        assertThat(store.messages(ADA, 10))
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(whole, empty);
        assertThat(store.messages(ADA, 1)).extracting(Message::id).containsExactly("id ü 🙂");
    }

    @Test
    void what_the_caller_changes_afterwards_has_no_effect() {
        byte[] body = "before".getBytes(UTF_8);
        var parked = store.park(ADA, new Message("1", "account", "t.done", "ada", Map.of(), body), false);
        body[0] = 'X';
        assertThat(parked.join()).isTrue();
        assertThat(new String(store.messages(ADA, 1).get(0).body(), UTF_8)).isEqualTo("before");
    }

    @Test
    void beyond_its_capacity_it_refuses_and_says_so() throws Exception {
        ParkedMessages small = openStore(3);
        for (String id : List.of("1", "2")) {
            assertThat(park(small, ADA, id, false)).isTrue();
        }
        assertThat(park(small, BOB, "3", false)).isTrue();

        assertThatThrownBy(() -> park(small, BOB, "4", true))
                .hasMessageContaining("3 are, which is the limit")
                .hasMessageContaining("replay or drop some");
        ParkedKey carol = new ParkedKey("mail", "account", "carol");
        assertThatThrownBy(() -> park(small, carol, "5", false)).hasMessageContaining("which is the limit");
        assertThat(small.parked(Set.of(carol)).join())
                .as("a key without messages")
                .isEmpty();
        assertThat(park(small, BOB, "3", true)).as("one that is there already").isTrue();

        assertThat(small.drop(ADA, "1")).isTrue();
        assertThat(park(small, BOB, "4", true)).isTrue();
    }

    @Test
    void groups_topics_and_keys_know_nothing_of_each_other_and_the_oldest_key_comes_first() {
        List<ParkedKey> keys = List.of(
                BOB,
                ADA,
                new ParkedKey("mail", "Account", "ada"),
                new ParkedKey("mail", "account", "Ada"),
                new ParkedKey("mail", "account ada", ""));
        ParkedKey elsewhere = new ParkedKey("Mail", "account", "ada");
        keys.forEach(key -> assertThat(park(store, key, "of " + key, false)).isTrue());
        assertThat(park(store, elsewhere, "e", false)).isTrue();
        assertThat(park(store, ADA, "2", true)).isTrue();

        assertThat(store.keys("mail", 10)).containsExactlyElementsOf(keys);
        assertThat(store.keys("mail", 2)).containsExactly(BOB, ADA);
        assertThat(store.keys("Mail", 10)).containsExactly(elsewhere);
        assertThat(store.keys("none", 10)).isEmpty();
        assertThat(ids(store, keys.get(2))).containsExactly("of " + keys.get(2));
        assertThat(store.parked(Set.of(elsewhere, ADA)).join()).containsExactlyInAnyOrder(elsewhere, ADA);
    }

    @Test
    void only_what_was_released_is_taken_and_by_one_member_at_a_time() throws Exception {
        ParkedMessages other = another(store);
        assertThat(park(store, ADA, "1", false)).isTrue();
        assertThat(store.take("mail", "a", LONG)).isEmpty();
        assertThat(store.release(BOB)).isFalse();
        assertThat(other.release(ADA)).isTrue();
        assertThat(store.take("audit", "a", LONG)).isEmpty();

        ParkedReplay replay = store.take("mail", "a", LONG).orElseThrow();

        assertThat(replay.key()).isEqualTo(ADA);
        assertThat(replay.message().id()).isEqualTo("1");
        assertThat(other.take("mail", "b", LONG)).isEmpty();
        assertThat(other.drop(ADA, "1"))
                .as("dropping what a member has in hand")
                .isFalse();
        assertThat(store.extend(replay, LONG)).isTrue();
    }

    @Test
    void a_member_whose_lease_is_over_changes_nothing() throws Exception {
        assertThat(park(store, ADA, "1", false)).isTrue();
        assertThat(park(store, ADA, "2", false)).isTrue();
        assertThat(store.release(ADA)).isTrue();
        ParkedReplay late = store.take("mail", "a", SHORT).orElseThrow();
        ParkedMessages other = another(store);
        ParkedReplay current = takeSoon(other, "b");

        assertThat(store.extend(late, LONG)).isFalse();
        assertThat(store.done(late)).isEmpty();
        store.giveBack(late, Optional.of(message("x")));

        assertThat(ids(store, ADA)).containsExactly("1", "2");
        assertThat(other.extend(current, LONG)).isTrue();
        assertThat(other.done(current).orElseThrow().message().id()).isEqualTo("2");
    }

    @Test
    void the_key_is_free_when_its_last_message_was_handled() {
        assertThat(park(store, ADA, "1", false)).isTrue();
        assertThat(store.release(ADA)).isTrue();
        ParkedReplay replay = store.take("mail", "a", LONG).orElseThrow();
        assertThat(park(store, ADA, "2", true)).isTrue();

        ParkedReplay next = store.done(replay).orElseThrow();

        assertThat(next.message().id()).isEqualTo("2");
        assertThat(store.done(next)).isEmpty();
        assertThat(store.parked(Set.of(ADA)).join()).isEmpty();
        assertThat(store.keys("mail", 10)).isEmpty();
        assertThat(park(store, ADA, "3", true)).isFalse();
        assertThat(store.release(ADA)).isFalse();
    }

    @Test
    void given_back_with_a_letter_it_stays_and_without_it_may_be_taken_again() throws Exception {
        assertThat(park(store, ADA, "1", false)).isTrue();
        assertThat(park(store, ADA, "2", false)).isTrue();
        assertThat(store.release(ADA)).isTrue();
        store.giveBack(store.take("mail", "a", LONG).orElseThrow(), Optional.empty());

        ParkedReplay again = another(store).take("mail", "b", LONG).orElseThrow();
        Message letter = new Message("1", "account", "money.deposited", "ada", Map.of("why", "bad"), new byte[] {7});
        store.giveBack(again, Optional.of(letter));

        assertThat(store.take("mail", "a", LONG)).isEmpty();
        assertThat(store.messages(ADA, 1))
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(letter);
        assertThat(ids(store, ADA)).containsExactly("1", "2");
        assertThat(store.drop(ADA, "1")).isTrue();
        assertThat(store.drop(ADA, "1")).isFalse();
        assertThat(store.keys("mail", 10)).containsExactly(ADA);
    }

    @Test
    void of_many_members_who_take_at_once_each_key_goes_to_one() throws Exception {
        ParkedMessages other = another(store);
        List<ParkedKey> keys = IntStream.range(0, 8)
                .mapToObj(i -> new ParkedKey("mail", "account", "a" + i))
                .toList();
        for (ParkedKey key : keys) {
            assertThat(park(store, key, "1", false)).isTrue();
            assertThat(store.release(key)).isTrue();
        }

        List<ParkedReplay> taken = new ArrayList<>();
        // Who comes while all that are free are being taken may get none, and asks again.
        long deadline = System.nanoTime() + LONG.toNanos();
        while (taken.size() < keys.size() && System.nanoTime() - deadline < 0) {
            List<Callable<Optional<ParkedReplay>>> members = IntStream.range(0, 6)
                    .<Callable<Optional<ParkedReplay>>>mapToObj(
                            i -> () -> (i % 2 == 0 ? store : other).take("mail", "member " + i, LONG))
                    .toList();
            Race.run(members).forEach(one -> one.ifPresent(taken::add));
        }

        assertThat(taken).extracting(ParkedReplay::key).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(store.take("mail", "late", LONG)).isEmpty();
    }

    @Test
    void a_message_that_comes_while_the_last_one_is_done_is_neither_lost_nor_early() throws Exception {
        ParkedMessages other = another(store);
        for (int round = 0; round < 30; round++) {
            assertThat(park(store, ADA, "last", false)).isTrue();
            assertThat(store.release(ADA)).isTrue();
            ParkedReplay replay = store.take("mail", "a", LONG).orElseThrow();
            List<Boolean> both =
                    Race.run(List.of(() -> store.done(replay).isPresent(), () -> other.park(ADA, message("comes"), true)
                            .join()));

            assertThat(both.get(0))
                    .as("whether it is the next, and whether it was parked")
                    .isEqualTo(both.get(1));
            assertThat(ids(store, ADA)).isEqualTo(both.get(1) ? List.of("comes") : List.of());
            if (both.get(1)) {
                ParkedReplay next = new ParkedReplay(ADA, message("comes"), "a");
                assertThat(store.done(next)).isEmpty();
            }
        }
    }

    @Test
    void what_members_park_at_once_is_there_once_and_in_the_order_of_each() throws Exception {
        ParkedMessages other = another(store);
        assertThat(park(store, ADA, "first", false)).isTrue();
        List<Callable<Boolean>> members =
                List.of(() -> parkMany(store, "a"), () -> parkMany(other, "b"), () -> parkMany(store, "c"));

        assertThat(Race.run(members)).containsOnly(true);

        List<String> all = ids(store, ADA);
        assertThat(all).hasSize(1 + 3 * 50).doesNotHaveDuplicates();
        for (String member : List.of("a", "b", "c")) {
            assertThat(all)
                    .filteredOn(id -> id.startsWith(member + "-"))
                    .containsExactlyElementsOf(IntStream.range(0, 50)
                            .mapToObj(i -> member + "-" + i)
                            .toList());
        }
    }

    /** Parks fifty messages without waiting for the answers in between. */
    private static boolean parkMany(ParkedMessages by, String member) {
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(by.park(ADA, message(member + "-" + i), true));
        }
        return answers.stream().allMatch(CompletableFuture::join);
    }

    private static ParkedReplay takeSoon(ParkedMessages by, String owner) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (System.nanoTime() - deadline < 0) {
            Optional<ParkedReplay> taken = by.take("mail", owner, LONG);
            if (taken.isPresent()) {
                return taken.get();
            }
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
        throw new AssertionError("The lease of the member before never came to its end");
    }

    private static boolean park(ParkedMessages by, ParkedKey key, String id, boolean onlyBehind) {
        return by.park(key, message(id), onlyBehind).join();
    }

    private static List<String> ids(ParkedMessages by, ParkedKey key) {
        return by.messages(key, CAPACITY).stream().map(Message::id).toList();
    }

    private static Message message(String id) {
        return new Message(id, "account", "money.deposited", "ada", Map.of(), new byte[] {1});
    }
}

package io.eda.testkit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.transport.Capability;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every group gets all that it wants; its members share; what nobody handles waits. */
abstract class GroupContract extends TransportCases {

    GroupContract(EventTransportContract suite) {
        super(suite);
    }

    @Test
    void every_group_gets_everything() throws Exception {
        Member mail = join(member("mail"));
        Member audit = join(member("audit"));
        Member stock = join(member("stock"));
        List<Message> published = messagesOfKeys(50);

        publish(published);

        for (Member member : List.of(mail, audit, stock)) {
            awaitExactly(50, member);
            assertThat(member.ids()).containsExactlyInAnyOrderElementsOf(ids(published));
        }
    }

    @Test
    void members_of_one_group_share_its_messages() throws Exception {
        Member first = join(member("mail"));
        Member second = join(member("mail"));
        List<Message> published = new ArrayList<>();

        // Some brokers take a while until a new member gets its part, and there may be few parts.
        while (published.isEmpty() || (published.size() < 3_000 && (first.count() == 0 || second.count() == 0))) {
            List<Message> batch = Stream.iterate(published.size(), n -> n + 1)
                    .limit(100)
                    .map(n -> message("k" + n, n))
                    .toList();
            publish(batch);
            published.addAll(batch);
            awaitArrivals(published.size(), first, second);
        }

        awaitExactly(published.size(), first, second);
        assertThat(idsOf(all(first, second))).containsExactlyInAnyOrderElementsOf(ids(published));
        assertThat(first.count()).as("the first one's share").isPositive();
        assertThat(second.count()).as("the second one's share").isPositive();
    }

    @Test
    void members_on_different_connections_share_as_well() throws Exception {
        EventTransport elsewhere = another();
        Member here = join(member("mail"));
        Member there = join(member("mail").on(elsewhere));
        List<Message> published = messagesOfKeys(200);

        publish(published.subList(0, 100));
        publish(elsewhere, published.subList(100, 200));

        awaitExactly(200, here, there);
        assertThat(idsOf(all(here, there))).containsExactlyInAnyOrderElementsOf(ids(published));
    }

    @Test
    void a_group_gets_only_the_types_that_it_wants() throws Exception {
        Member exact = join(member("exact").wanting(type("created")));
        Member oneWord = join(member("one-word").wanting(type("*")));
        Member anyWords = join(member("any-words").wanting(type("#")));
        Member several = join(member("several").wanting(type("paid"), type("item.*")));
        Member everything = join(member("everything").wanting("#"));

        publish(
                withType(message("a", 1), type("created")),
                withType(message("a", 2), type("paid")),
                withType(message("a", 3), type("item.added")),
                withType(message("a", 4), type("created")));

        awaitExactly(2, exact);
        awaitExactly(3, oneWord);
        awaitExactly(4, anyWords);
        awaitExactly(2, several);
        awaitExactly(4, everything);
        assertThat(exact.ids()).containsExactlyElementsOf(ids(List.of(message("a", 1), message("a", 4))));
        assertThat(several.ids()).containsExactlyElementsOf(ids(List.of(message("a", 2), message("a", 3))));
    }

    @Test
    void a_key_of_one_topic_is_another_key_in_another() throws Exception {
        Member member = join(member("mail").withMaxInFlight(10).holding());

        publish(message("a", 1), withTopic(message("a", 2), otherTopic()));

        awaitExactly(2, member);
        assertThat(member.arrivals().stream().map(arrival -> arrival.message().topic()))
                .containsExactlyInAnyOrder(topic(), otherTopic());
    }

    @Test
    void what_a_group_missed_waits_for_it() throws Exception {
        Member first = join(member("mail"));
        publish(messages("a", 10));
        awaitExactly(10, first);
        first.close();

        publish(messages("b", 30));

        Member second = join(member("mail"));
        awaitExactly(30, second);
        assertThat(second.ids()).containsExactlyElementsOf(ids(messages("b", 30)));
        assertThat(first.count()).as("deliveries to the closed member").isEqualTo(10);
    }

    @Test
    void a_member_that_leaves_leaves_its_work_to_the_others() throws Exception {
        Member staying = join(member("mail"));
        Member leaving = join(member("mail"));
        Member other = join(member("audit"));

        leaving.close();
        int before = leaving.count();
        publish(messagesOfKeys(100));

        awaitExactly(100, staying);
        awaitExactly(100, other);
        assertThat(leaving.count()).as("deliveries to the member that left").isEqualTo(before);
    }

    @Test
    void a_member_that_wants_other_types_than_its_group_is_refused() throws Exception {
        Member member = join(member("mail").wanting(type("created")));

        MemberPlan stranger = member("mail").wanting(type("paid"));
        assertThatThrownBy(() -> joinUnready(stranger))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(group("mail"));

        publish(message("a", 1));
        awaitExactly(1, member);
    }

    @Test
    void a_group_may_have_any_name_of_200_characters() throws Exception {
        String mark = group("");
        List<String> groups = List.of(
                mark + "größe / 注文 😀 *#.?&=\"'",
                mark + "Case",
                mark + "case",
                mark + "ä".repeat(200 - mark.length()),
                mark + "ä".repeat(199 - mark.length()) + "b");
        List<Member> members = new ArrayList<>();
        for (String group : groups) {
            MemberPlan plan = member("");
            members.add(join(new MemberPlan(
                    plan.transport(), group, plan.types(), plan.maxInFlight(), plan.isOrdered(), plan.behaviour())));
        }

        publish(messages("a", 3));

        for (Member member : members) {
            awaitExactly(3, member);
        }
        Message letter = message("letter", 1);
        transport().deadLetters(groups.get(0)).add(letter).get();
        assertThat(transport().deadLetters(groups.get(0)).read(10)).hasSize(1);
        assertThat(transport().deadLetters(groups.get(3)).read(10)).isEmpty();
    }

    @Test
    void a_new_group_gets_what_was_published_before_it_came() throws Exception {
        requires(Capability.REPLAY);
        Member early = join(member("early"));
        publish(messages("a", 20));
        awaitExactly(20, early);

        Member late = join(member("late"));

        awaitExactly(20, late);
        assertThat(late.ids()).containsExactlyElementsOf(ids(messages("a", 20)));
    }

    @Test
    void members_of_an_unordered_group_share_one_key_too() throws Exception {
        requires(Capability.UNORDERED_GROUPS);
        Member first = join(member("mail").unordered().withMaxInFlight(5).holding());
        Member second = join(member("mail").unordered().withMaxInFlight(5).holding());

        publish(messages("a", 10));

        awaitExactly(10, first, second);
        assertThat(idsOf(all(first, second))).containsExactlyInAnyOrderElementsOf(ids(messages("a", 10)));
        assertThat(second.count()).isPositive();
    }
}

package io.eda.broker.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.transport.Message;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WindowTest {

    private final Window window = new Window(new TopicPartition("events.order", 3));

    @Test
    void nothing_is_committed_before_anything_is_known() {
        assertThat(window.finishedBefore()).isEqualTo(-1);
    }

    @Test
    void the_first_unfinished_one_is_where_the_group_goes_on_whatever_is_finished_behind_it() {
        Entry first = arrived(10);
        Entry second = arrived(11);
        Entry third = arrived(12);

        window.finish(third);
        window.finish(second);
        assertThat(window.finishedBefore()).isEqualTo(10);

        window.finish(first);
        assertThat(window.finishedBefore()).isEqualTo(13);
        assertThat(window.size()).isZero();
    }

    @Test
    void gaps_between_offsets_hold_up_nothing() {
        Entry first = arrived(5);
        Entry second = arrived(90);
        window.finish(first);
        assertThat(window.finishedBefore()).isEqualTo(90);
        window.finish(second);
        assertThat(window.finishedBefore()).isEqualTo(91);

        window.fetchedUpTo(120);
        assertThat(window.finishedBefore()).isEqualTo(120);
    }

    @Test
    void where_the_consumer_fetches_next_is_no_end_while_something_is_unfinished() {
        Entry only = arrived(7);
        window.fetchedUpTo(500);
        assertThat(window.finishedBefore()).isEqualTo(7);
        window.finish(only);
        assertThat(window.finishedBefore()).isEqualTo(500);
    }

    @Test
    void of_a_key_the_first_may_be_delivered_and_the_others_stand_in_line() {
        Entry first = decoded(arrived(1), "a");
        Entry second = decoded(arrived(2), "a");
        Entry other = decoded(arrived(3), "b");

        assertThat(window.line(first, "a")).isTrue();
        assertThat(window.line(second, "a")).isFalse();
        assertThat(window.line(other, "b")).isTrue();
        assertThat(first.nextOfKey).isSameAs(second);

        window.leaveLine(first);
        assertThat(window.line(decoded(arrived(4), "a"), "a")).isFalse();
    }

    @Test
    void a_key_whose_last_one_left_begins_a_new_line() {
        Entry first = decoded(arrived(1), "a");
        window.line(first, "a");
        window.leaveLine(first);
        assertThat(window.line(decoded(arrived(2), "a"), "a")).isTrue();
    }

    @Test
    void results_wait_for_what_is_unfinished_before_theirs_and_are_kept_until_they_are_committed() {
        Entry first = decoded(arrived(1), "a");
        Entry second = decoded(arrived(2), "b");
        Entry third = decoded(arrived(5), "c");
        second.outputs = List.of(output());
        third.outputs = List.of(output(), output());
        window.bytes += 30;

        window.finish(second);
        window.finish(third);
        assertThat(window.results()).isEmpty();

        window.finish(first);
        assertThat(window.results()).extracting(Result::offset).containsExactly(2L, 5L);
        window.committed(3);
        assertThat(window.results()).extracting(Result::offset).containsExactly(5L);
        assertThat(window.bytes).isEqualTo(20);
        window.committed(6);
        assertThat(window.results()).isEmpty();
        assertThat(window.bytes).isZero();
    }

    @Test
    void a_result_that_cannot_be_published_is_forgotten_alone() {
        Entry only = decoded(arrived(1), "a");
        only.outputs = List.of(output());
        window.bytes += 10;
        window.finish(only);

        window.discard(window.results().get(0));

        assertThat(window.results()).isEmpty();
        assertThat(window.bytes).isZero();
        assertThat(window.finishedBefore()).isEqualTo(2);
    }

    private static Output output() {
        Destination destination = new Destination("events.result", Destination.Kind.EVENTS);
        return new Output(destination, new ProducerRecord<>("events.result", new byte[0]), 10);
    }

    private Entry arrived(long offset) {
        Entry entry =
                new Entry(window, new ConsumerRecord<>("events.order", 3, offset, new byte[0], new byte[0]), null);
        window.add(entry);
        return entry;
    }

    private static Entry decoded(Entry entry, String key) {
        entry.message = new Message("id", "order", "order.created", key, Map.of(), new byte[0]);
        return entry;
    }
}

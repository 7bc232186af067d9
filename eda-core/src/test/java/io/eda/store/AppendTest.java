package io.eda.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.event.AggregateId;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AppendTest {

    private static final AggregateId ORDER = AggregateId.of("order", "42");

    @Test
    void no_event_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> append(List.of()))
                .withMessage("An append to order/42 has 0 events: allowed are 1 to 1000");
    }

    @Test
    void the_1001st_event_is_refused_and_the_1000th_is_not() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> append(events(1_001, 1)))
                .withMessage("An append to order/42 has 1001 events: allowed are 1 to 1000");
        assertThat(append(events(1_000, 1)).bytes()).isEqualTo(1_000);
    }

    @Test
    void one_byte_more_than_16_mebibytes_is_refused_and_that_many_are_not() {
        byte[] half = new byte[8 << 20];
        NewEvent first = event(half);
        NewEvent second = event(half);

        assertThat(append(List.of(first, second)).bytes()).isEqualTo(16 << 20);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> append(List.of(first, second, event(new byte[1]))))
                .withMessage("An append to order/42 has 16777217 bytes of data, the limit is 16777216: split it into"
                        + " several decisions");
    }

    @Test
    void two_events_of_one_id_are_refused_and_named_without_their_data() {
        NewEvent event = event(new byte[] {'s', 'e', 'c', 'r', 'e', 't'});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> append(Collections.nCopies(2, event)))
                .withMessageContaining("has two events of one id: [order.paid [" + event.eventId() + ", 6 bytes]")
                .withMessageNotContaining("secret");
    }

    @Test
    void an_event_whose_ids_could_not_be_read_back_is_refused_at_the_door() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> event("conversation\0", "cause"))
                .withMessageContaining("control character 0x0 at index 12");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> event("conversation", " "))
                .withMessageContaining("The causation id of an origin is blank");
    }

    @Test
    void a_later_change_of_the_given_list_does_not_reach_it() {
        List<NewEvent> source = new ArrayList<>(events(2, 1));
        Append append = append(source);

        source.clear();

        assertThat(append.events()).hasSize(2);
        assertThatThrownBy(() -> append.events().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    private static Append append(List<NewEvent> events) {
        return new Append(ORDER, ExpectedVersion.any(), events);
    }

    private static List<NewEvent> events(int count, int bytes) {
        return Stream.generate(() -> event(new byte[bytes])).limit(count).toList();
    }

    private static NewEvent event(byte[] data) {
        return new NewEvent(
                UUID.randomUUID(),
                EventType.of("order.paid"),
                Instant.EPOCH,
                "conversation",
                "cause",
                data,
                Metadata.empty());
    }

    private static NewEvent event(String correlationId, String causationId) {
        return new NewEvent(
                UUID.randomUUID(),
                EventType.of("order.paid"),
                Instant.EPOCH,
                correlationId,
                causationId,
                new byte[0],
                Metadata.empty());
    }
}

package io.eda.bus;

import static io.eda.bus.Deposits.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.eda.Accounts;
import io.eda.event.Event;
import io.eda.inmemory.InMemoryIdempotencyStore;
import io.eda.inmemory.InMemoryTransport;
import io.eda.retry.RetryPolicy;
import io.eda.serialization.JacksonEventSerializer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** A line is an incident: one for an outage, however many events it meets, and none for an event that goes its way. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class LogsTest {

    private static final int EVENTS = 20;

    private final Deposits deposits = new Deposits();
    private final FaultyDeadLetters transport = new FaultyDeadLetters(InMemoryTransport.confirmingWhenAccepted());
    private final EventBus bus = new EventBus(transport, new JacksonEventSerializer(Accounts.TYPES));
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.eda.bus");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private Level before;
    private final List<Event<?>> handled = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() {
        lines.list = new CopyOnWriteArrayList<>();
        lines.start();
        logger.addAppender(lines);
        before = logger.getLevel();
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void close() {
        bus.close();
        logger.detachAppender(lines);
        logger.setLevel(before);
    }

    @Test
    void events_that_go_their_way_leave_no_line() {
        try (var subscription = bus.subscribe(Deposits.options("mail"), handled::add)) {
            publish();
            await().until(() -> handled.size() == EVENTS);
        }
        assertThat(linesOf("mail")).isEmpty();
    }

    @Test
    void while_the_store_of_claims_is_away_one_line_tells_it() {
        FaultyClaims claims = new FaultyClaims(new InMemoryIdempotencyStore());
        claims.down(true);
        var options = Deposits.options("audit")
                .withDeduplication(Deduplication.by(claims).failingOpen());
        try (var subscription = bus.subscribe(options, handled::add)) {
            publish();
            await().until(() -> handled.size() == EVENTS);
            assertThat(linesOf("audit")).singleElement().satisfies(line -> assertThat(line.getFormattedMessage())
                    .contains("cannot ask its store"));
            claims.down(false);
            publish();
            await().until(() -> handled.size() == 2 * EVENTS);
        }
        assertThat(linesOf("audit")).hasSize(1);
    }

    @Test
    void while_dead_letters_cannot_be_written_one_line_tells_it() {
        transport.refuse(true);
        try (var subscription = bus.subscribe(Deposits.options("lost"), event -> {
            throw new IllegalStateException("bad");
        })) {
            publish();
            await().until(() -> transport.refused() > EVENTS);
            assertThat(linesOf("lost"))
                    .filteredOn(line -> line.getLevel() == Level.ERROR)
                    .hasSize(1);
            transport.refuse(false);
            await().until(() -> subscription.status().deadLettered() == EVENTS);
        }
    }

    @Test
    void an_event_that_is_given_up_is_told_with_its_id_and_group_and_without_data() {
        Event<?> bad = deposits.to("ada", 4_711);
        var options = Deposits.options("given-up").withRetry(RetryPolicy.once());
        try (var subscription = bus.subscribe(options, event -> {
            throw new IllegalStateException("bad");
        })) {
            bus.publish(bad).join();
            await().until(() -> subscription.status().deadLettered() == 1);
        }
        assertThat(linesOf("given-up")).singleElement().satisfies(line -> {
            assertThat(line.getKeyValuePairs())
                    .extracting(pair -> pair.key + "=" + pair.value)
                    .contains("group=given-up", "messageId=" + bad.eventId(), "attempts=1");
            assertThat(line.getFormattedMessage()).contains("account/ada").doesNotContain("cents", "größe");
        });
    }

    private void publish() {
        for (int i = 0; i < EVENTS; i++) {
            bus.publish(deposits.to("account-" + i, 1)).join();
        }
    }

    /** Returns the lines about a group, of those that somebody reads. */
    private List<ILoggingEvent> linesOf(String group) {
        return lines.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .filter(line -> line.getFormattedMessage().contains("'" + group + "'")
                        || String.valueOf(line.getKeyValuePairs()).contains(group))
                .toList();
    }
}

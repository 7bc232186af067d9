package io.eda.samples.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.samples.orders.TestDatabase;
import io.eda.samples.telemetry.Note.Written;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import io.eda.store.postgres.PostgresCheckpointStore;
import io.eda.store.postgres.PostgresContext;
import io.eda.store.postgres.PostgresEventStorage;
import io.eda.store.postgres.PostgresOptions;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A page of events of several traces is one transaction, and one span, which is linked to those that appended them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class PageTracesIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final Spans spans = new Spans();
    private final HikariDataSource database = TestDatabase.open();
    private final PostgresEventStorage storage = PostgresEventStorage.create(database);
    private final EventStore unobserved = new EventStore(storage, Note.json());
    private final EventStore store = new EventStore(storage, Note.json()).observedBy(spans.registry());

    @AfterEach
    void stop() {
        storage.close();
        database.close();
        spans.close();
    }

    @Test
    void a_page_of_several_traces_is_in_none_of_them_and_linked_to_what_appended_its_events() throws Exception {
        append(store, "a", "one");
        append(store, "b", "one");
        project();
        SpanData page = onlyPage();
        assertThat(page.getParentSpanContext().isValid()).isFalse();
        assertThat(spans.of(page.getTraceId())).hasSize(1);
        assertThat(page.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(spans.linkedFrom(page)).hasSize(2).containsExactlyElementsOf(named("append note"));
    }

    @Test
    void events_of_one_append_are_one_link_and_those_of_no_trace_none() throws Exception {
        append(store, "a", "one", "two", "three");
        append(unobserved, "b", "one");
        project();
        SpanData page = onlyPage();
        assertThat(spans.linkedFrom(page)).hasSize(1).containsExactlyElementsOf(named("append note"));
        assertThat(page.getAttributes().asMap().toString()).contains("events=4", "projection=lines");
    }

    @Test
    void a_page_of_very_many_traces_is_linked_to_as_many_as_a_span_keeps() throws Exception {
        for (int i = 0; i < 150; i++) {
            append(store, "note-" + i, "one");
        }
        project();
        assertThat(spans.linkedFrom(onlyPage()))
                .hasSize(128)
                .containsExactlyElementsOf(named("append note").subList(0, 128));
    }

    @Test
    void a_page_that_fails_tells_its_error_and_keeps_its_links() throws Exception {
        append(store, "a", "one");
        append(store, "b", "one");
        Projection<PostgresContext> failing = Projection.<PostgresContext>named("lines")
                .on(Written.class, (event, db) -> {
                    throw new IllegalStateException("never");
                })
                .build();
        try (var runner = start(failing)) {
            assertThat(runner).isNotNull();
            await().atMost(SOON).until(() -> !named("project lines").isEmpty());
        }
        SpanData page = named("project lines").get(0);
        assertThat(page.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(spans.linkedFrom(page)).containsExactlyElementsOf(named("append note"));
    }

    private void project() throws Exception {
        Projection<PostgresContext> lines = Projection.<PostgresContext>named("lines")
                .on(Written.class, (event, db) -> {})
                .build();
        long end = storage.awaitVisible(Long.MAX_VALUE, Duration.ZERO);
        try (var runner = start(lines)) {
            runner.awaitPosition(end, SOON);
        }
    }

    private ProjectionRunner<PostgresContext> start(Projection<PostgresContext> projection) {
        var checkpoints = PostgresCheckpointStore.create(database, PostgresOptions.defaults());
        return ProjectionRunner.of(projection, store, checkpoints)
                .observedBy(spans.registry())
                .start();
    }

    private static void append(EventStore to, String note, String... lines) {
        to.append(
                Note.AGGREGATE.id(note),
                ExpectedVersion.noEvents(),
                List.of(lines).stream().map(Written::new).toList());
    }

    private SpanData onlyPage() {
        assertThat(named("project lines")).hasSize(1);
        return named("project lines").get(0);
    }

    private List<SpanData> named(String name) {
        return spans.all().stream().filter(span -> span.getName().equals(name)).toList();
    }
}

package io.eda.store.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.event.AggregateId;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.store.Append;
import io.eda.store.ExpectedVersion;
import io.eda.store.NewEvent;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReadableEventsIT {

    private final PostgresOptions options = TestDatabase.freshSchema();

    @Test
    void people_read_data_as_json_and_what_is_no_json_does_not_fail_their_query() throws Exception {
        try (var storage = PostgresEventStorage.create(TestDatabase.dataSource(), options)) {
            storage.append(new Append(
                    AggregateId.of("user", "42"),
                    ExpectedVersion.noEvents(),
                    List.of(event("{\"name\":\"Ada ✓\"}".getBytes(UTF_8)), event(new byte[] {0, (byte) 0xff, 7}))));
            String view = '"' + options.schema() + "\".eda_events_readable";
            assertThat(TestDatabase.query(
                            TestDatabase.dataSource(),
                            "select aggregate || ' ' || (data->>'name') from " + view + " where aggregate_version = 1"))
                    .isEqualTo("user/42 Ada ✓");
            assertThat(TestDatabase.query(
                            TestDatabase.dataSource(), "select data from " + view + " where aggregate_version = 2"))
                    .isEqualTo("\"AP8H\"");
        }
    }

    private static NewEvent event(byte[] data) {
        return new NewEvent(
                UUID.randomUUID(), EventType.of("user.created"), Instant.now(), "c", "c", data, Metadata.empty());
    }
}

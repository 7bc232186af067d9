package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.store.EventStorageException;
import io.eda.store.ExpectedVersion;
import io.eda.store.postgres.PostgresOptions.SchemaManagement;
import io.eda.store.postgres.SchemaCheck.Described;
import io.eda.testkit.servers.RealServers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Teams whose migrations another tool applies: nothing is created, and what is not as it should be is listed. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
final class SchemaValidationIT {

    private final DataSource dataSource = TestDatabase.dataSource();
    private final PostgresOptions created = TestDatabase.freshSchema();
    private final PostgresOptions validated = created.withSchemaManagement(SchemaManagement.VALIDATE);

    @Test
    void the_description_is_what_the_scripts_make() {
        openAll(created);

        Map<String, String> described =
                SchemaCheck.description().stream().collect(Collectors.toMap(Described::object, Described::definition));
        Map<String, String> found = new Connections(dataSource, created.statementTimeout())
                .call("Describing", session -> {
                    Map<String, String> objects = new SchemaCheck(created.schema()).find(session);
                    objects.keySet().removeIf(object -> object.contains(" schema_steps"));
                    return objects;
                });
        assertThat(described).isEqualTo(found);
    }

    @Test
    void what_was_created_passes() {
        openAll(created);

        openAll(validated);
    }

    @Test
    void what_the_scripts_made_passes_and_is_not_made_again() throws Exception {
        apply(PostgresEventStorage.schemaScripts(created.schema()));

        openAll(validated);
        openAll(created);
        assertThat(PostgresEventStorage.create(dataSource, validated)
                        .append(Events.append("42", ExpectedVersion.noEvents(), 1))
                        .lastVersion())
                .isEqualTo(1);
    }

    @Test
    void scripts_keep_their_comments_and_come_in_their_order() {
        Map<String, String> scripts = PostgresEventStorage.schemaScripts("shop");

        assertThat(List.copyOf(scripts.keySet()))
                .startsWith("schema_steps.sql", "events.sql")
                .contains("checkpoints.sql", "snapshots.sql");
        assertThat(scripts.get("events.sql"))
                .startsWith("-- The history of every aggregate")
                .contains("\"shop\".events");
        assertThatThrownBy(() -> PostgresEventStorage.schemaScripts("drop table"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothing_is_created_and_everything_that_is_missing_is_listed() throws Exception {
        assertThatThrownBy(() -> PostgresEventStorage.create(dataSource, validated))
                .isInstanceOf(EventStorageException.class)
                .hasMessageContaining(validated.schema())
                .hasMessageContaining("table events is missing, see schema/events.sql")
                .hasMessageContaining("index events_id_and_type is missing, see schema/events_id_and_type.sql")
                .hasMessageContaining("schemaScripts");
        assertThatThrownBy(() -> PostgresCheckpointStore.create(dataSource, validated))
                .hasMessageContaining("table checkpoints is missing, see schema/checkpoints.sql");
        assertThat(TestDatabase.query(
                        dataSource, "select count(*) from pg_namespace where nspname = '" + validated.schema() + "'"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alter table %s.events drop column metadata cascade | column events.metadata is missing",
                "alter table %s.events alter data drop not null | column events.data is 'bytea', not 'bytea not null'",
                "alter table %s.events drop constraint events_aggregate_version | events_aggregate_version is missing",
                "alter table %s.events add wanted text not null default 'x'; drop view %1$s.eda_events_readable | view eda",
                "drop index %s.events_id_and_type | index events_id_and_type is missing"
            })
    void what_differs_is_named_with_its_script(String change, String named) throws Exception {
        openAll(created);
        TestDatabase.execute(dataSource, change.formatted(created.schema()));

        assertThatThrownBy(() -> PostgresEventStorage.create(dataSource, validated))
                .isInstanceOf(EventStorageException.class)
                .hasMessageContaining(named)
                .hasMessageContaining(".sql");
    }

    @Test
    void a_role_that_may_create_nothing_can_validate() throws Exception {
        openAll(created);
        String role = "role_" + created.schema();
        TestDatabase.execute(
                dataSource,
                ("create role %1$s login; grant usage on schema %2$s to %1$s; grant select, insert on %2$s.events to %1$s;"
                                + " grant select on %2$s.events_position_seq to %1$s")
                        .formatted(role, created.schema()));
        var asRole = TestDatabase.unpooled(RealServers.postgres().jdbcUrl());
        asRole.setUser(role);

        PostgresEventStorage storage = PostgresEventStorage.create(asRole, validated);

        assertThat(storage.append(Events.append("42", ExpectedVersion.noEvents(), 1))
                        .lastVersion())
                .isEqualTo(1);
    }

    private void openAll(PostgresOptions options) {
        try (PostgresEventStorage storage = PostgresEventStorage.create(dataSource, options)) {
            assertThat(PostgresSnapshotStorage.beside(storage)).isNotNull();
            assertThat(PostgresCheckpointStore.create(dataSource, options)).isNotNull();
            assertThat(PostgresInbox.create(dataSource, options, Duration.ofDays(1)))
                    .isNotNull();
            assertThat(PostgresParkedMessages.create(dataSource, options)).isNotNull();
        }
    }

    private void apply(Map<String, String> scripts) throws Exception {
        for (String script : scripts.values()) {
            TestDatabase.execute(dataSource, script);
        }
    }
}

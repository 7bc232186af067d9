package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.ExpectedVersion;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Positions that do not fit into 31 or 32 bits, which a table reaches in some months. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
final class WidePositionIT {

    private final DataSource dataSource = TestDatabase.dataSource();
    private final PostgresOptions options = TestDatabase.freshSchema();

    @ParameterizedTest
    @ValueSource(longs = {1L << 31, 1L << 32, (1L << 53) + 1, Long.MAX_VALUE - 10})
    void positions_on_both_sides_of_a_power_of_two_are_followed(long border) throws Exception {
        try (PostgresEventStorage storage = PostgresEventStorage.create(dataSource, options)) {
            storage.append(Events.append("42", ExpectedVersion.noEvents(), 1));
            TestDatabase.execute(
                    dataSource, "alter sequence " + options.schema() + ".events_position_seq restart " + (border - 2));
            FollowingThread follower = new FollowingThread(storage, 2).start();

            long last = storage.append(Events.append("42", ExpectedVersion.exactly(1), 5))
                    .lastPosition();

            assertThat(last).isEqualTo(border + 2);
            assertThat(storage.awaitVisible(last, Duration.ofSeconds(30))).isEqualTo(last);
            assertThat(follower.seenUpTo(last)).isEqualTo(Events.readAll(storage, 0));
            assertThat(Events.names(storage, border)).containsExactly("42@5", "42@6");
            EventPage nothing = storage.readAll(1, EventFilter.types(Set.of("x.done")), 10);
            assertThat(nothing.position()).isEqualTo(last);
            PostgresCheckpointStore checkpoints = PostgresCheckpointStore.create(dataSource, options);
            checkpoints.advance("orders", 0, last, connection -> {});
            assertThat(checkpoints.position("orders")).isEqualTo(last);
        }
    }
}

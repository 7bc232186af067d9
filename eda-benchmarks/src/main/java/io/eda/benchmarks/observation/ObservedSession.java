package io.eda.benchmarks.observation;

import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Goal;
import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Quantity;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.harness.Scenario;
import io.eda.benchmarks.harness.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Work that an observer looks on. All observers' sessions are open from the first round to the last, so that a round of half a second
 * is spent on work, and none begins cold.
 */
public interface ObservedSession extends AutoCloseable {

    /** What all meters may cost: three in a hundred. */
    double LEAST_WITH_METERS = 0.97;

    /** Returns what one more caller does over and over. */
    Operation caller() throws Exception;

    @Override
    void close() throws Exception;

    /** How a session begins. */
    @FunctionalInterface
    interface Opening {

        /** Opens the session that {@code observer} looks on. */
        ObservedSession open(Observer observer) throws Exception;
    }

    /** Compares all {@code observers} to the first of them, and the second to what meters may cost. */
    static void compare(Report report, String name, int callers, List<Observer> observers, Opening opening)
            throws Exception {
        Deque<ObservedSession> opened = new ArrayDeque<>();
        try {
            List<Contender> contenders = new ArrayList<>();
            for (Observer observer : observers) {
                ObservedSession session = opening.open(observer);
                opened.push(session);
                contenders.add(new Contender(observer.name(), observer.settings(), callers, () -> new Round(session)));
            }
            String reference = observers.get(0).name();
            report.compare(new Scenario(
                    name,
                    Pace.asFastAsPossible(),
                    contenders,
                    List.of(reference),
                    List.of(Goal.atLeast(
                            LEAST_WITH_METERS, observers.get(1).name(), Quantity.EVENTS_PER_SECOND, reference))));
        } finally {
            while (!opened.isEmpty()) {
                opened.pop().close();
            }
        }
    }

    /** One round of a session, which stays open behind it. */
    record Round(ObservedSession session) implements Session {

        @Override
        public Operation caller(int index) throws Exception {
            return session.caller();
        }

        @Override
        public void close() {}
    }
}

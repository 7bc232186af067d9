package io.eda.testkit;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.opentest4j.TestAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cases that a declaration of the adapter switches off, to be told in the report. Thread-safe. */
public final class SwitchedOff {

    /** How the reason of every case that did not run begins. */
    public static final String PREFIX = "switched off: ";

    private static final Logger log = LoggerFactory.getLogger(SwitchedOff.class);

    private final Set<String> reasons = new ConcurrentSkipListSet<>();

    /** Returns what ends the case that is running. */
    public TestAbortedException because(String reason) {
        reasons.add(reason);
        return new TestAbortedException(PREFIX + reason);
    }

    /** Ends the case that is running where {@code faults} lacks one of {@code needed}. */
    public void unlessGiven(ServerFaults faults, ServerFaults.Fault... needed) {
        for (ServerFaults.Fault fault : needed) {
            if (!faults.has(fault)) {
                throw because("no hook is given for " + fault + " (" + faults.whyMissing() + ")");
            }
        }
    }

    /** Prints why cases of {@code suite} did not run. */
    public void report(Class<?> suite) {
        reasons.forEach(reason -> log.info("{} did not run cases: {}", suite.getSimpleName(), reason));
    }
}

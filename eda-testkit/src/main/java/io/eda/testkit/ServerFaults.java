package io.eda.testkit;

import java.util.EnumMap;
import java.util.Map;

/**
 * How the server behind an adapter is hurt. What is not given is declared missing: the cases that need it are switched off,
 * and the report says why. Immutable.
 */
public final class ServerFaults {

    private final String whyMissing;
    private final Map<Fault, Step> steps;

    private ServerFaults(String whyMissing, Map<Fault, Step> steps) {
        this.whyMissing = whyMissing;
        this.steps = steps;
    }

    /** Returns no hooks; {@code why} tells in the report why those that stay missing are, such as "it has no server". */
    public static ServerFaults none(String why) {
        return new ServerFaults(why, Map.of());
    }

    /** Returns a copy that does {@code fault} by {@code step}, which returns when the effect is reached. */
    public ServerFaults with(Fault fault, Step step) {
        Map<Fault, Step> more = new EnumMap<>(Fault.class);
        more.putAll(steps);
        more.put(fault, step);
        return new ServerFaults(whyMissing, more);
    }

    /** Returns why those hooks are missing that are. */
    public String whyMissing() {
        return whyMissing;
    }

    /** Returns whether a hook for {@code fault} was given. */
    public boolean has(Fault fault) {
        return steps.containsKey(fault);
    }

    /**
     * Does {@code fault}.
     *
     * @throws IllegalStateException if no hook was given for it
     */
    public void happen(Fault fault) throws Exception {
        Step step = steps.get(fault);
        if (step == null) {
            throw new IllegalStateException("No hook was given for " + fault + ": " + whyMissing);
        }
        step.run();
    }

    /** What can happen to a server. */
    public enum Fault {
        /** It shuts down cleanly and is there again, with its data. */
        RESTART,
        /** It dies, as by kill -9, and is there again, with its data. */
        KILL,
        /** Every connection that is open is lost; new ones can be made at once. */
        CUT,
        /** It cannot be reached from now on: open connections are lost and no new one is made. */
        GO_AWAY,
        /** Ends {@link #GO_AWAY}. */
        COME_BACK,
        /** It answers nothing any more, and its connections stay open. */
        FREEZE,
        /** Ends {@link #FREEZE}. */
        THAW
    }

    /** One thing to do. */
    public interface Step {
        /** Does it, and returns when its effect is reached. */
        void run() throws Exception;
    }
}

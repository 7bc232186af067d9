package io.eda.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs a suite as an adapter's build would, and tells how each of its cases ended, by the name of its method.
 *
 * @param results how the cases ended, without those that were switched off
 * @param switchedOff why cases did not run, by their method
 */
public record SuiteRun(Map<String, TestExecutionResult> results, Map<String, String> switchedOff) {

    static final String PARAMETER = "io.eda.testkit.run";

    // The launcher makes the instances, in whatever thread: what it cannot hand to them they fetch here.
    private static final Map<String, Object> ADAPTERS = new ConcurrentHashMap<>();

    static Object adapterOf(String run) {
        return ADAPTERS.get(run);
    }

    /** Runs {@code suite}, or one group of it, against {@code adapter}. */
    public static SuiteRun of(Class<? extends SabotagedSuite<?>> suite, @Nullable Class<?> group, Object adapter) {
        String run = UUID.randomUUID().toString();
        ADAPTERS.put(run, adapter);
        try {
            Cases cases = new Cases();
            DiscoverySelector selector = group == null ? selectClass(suite) : selectNestedClass(List.of(suite), group);
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selector)
                                    .configurationParameter(PARAMETER, run)
                                    .build(),
                            cases);
            return new SuiteRun(cases.results, cases.switchedOff);
        } finally {
            ADAPTERS.remove(run);
        }
    }

    /** Returns the methods of the cases that failed. */
    public List<String> failed() {
        return ended(Status.FAILED);
    }

    /** Returns the methods of the cases that passed. */
    public List<String> passed() {
        return ended(Status.SUCCESSFUL);
    }

    private List<String> ended(Status status) {
        return results.entrySet().stream()
                .filter(entry -> entry.getValue().getStatus() == status)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static final class Cases implements TestExecutionListener {
        private final Map<String, TestExecutionResult> results = new TreeMap<>();
        private final Map<String, String> switchedOff = new TreeMap<>();

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            switchedOff.put(nameOf(test), reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == Status.ABORTED) {
                switchedOff.put(
                        nameOf(test),
                        result.getThrowable().map(Throwable::getMessage).orElse("for no reason"));
            } else if (test.isTest() || result.getStatus() == Status.FAILED) {
                results.put(nameOf(test), result);
            }
        }

        private static String nameOf(TestIdentifier test) {
            return test.getSource()
                    .filter(MethodSource.class::isInstance)
                    .map(source -> ((MethodSource) source).getMethodName())
                    .orElse(test.getDisplayName());
        }
    }
}

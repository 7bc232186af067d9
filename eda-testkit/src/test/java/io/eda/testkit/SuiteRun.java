package io.eda.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

/** Runs a suite as an adapter's build would, and tells which of its tests failed. */
record SuiteRun(long testsRun, Set<String> failedTests) {

    static SuiteRun of(Class<?> suite) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(List.of(selectClass(suite)))
                .build();
        LauncherFactory.create().execute(request, summary);
        Set<String> failed = new TreeSet<>();
        for (Failure failure : summary.getSummary().getFailures()) {
            failed.add(failure.getTestIdentifier().getDisplayName());
        }
        return new SuiteRun(summary.getSummary().getTestsStartedCount(), failed);
    }
}

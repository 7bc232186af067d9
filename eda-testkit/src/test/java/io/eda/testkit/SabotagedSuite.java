package io.eda.testkit;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;

/**
 * A suite that opens what its run was given.
 *
 * @param <A> what it is given
 */
@ExtendWith(SabotagedSuite.Handover.class)
public interface SabotagedSuite<A> {

    /** Takes what it is to open; called before its first case. */
    void isGiven(A adapter);

    /** Hands over what the run was started with. */
    final class Handover implements TestInstancePostProcessor {

        @Override
        @SuppressWarnings("unchecked") // Each saboteur names the suite that its adapter fits.
        public void postProcessTestInstance(Object instance, ExtensionContext context) {
            if (instance instanceof SabotagedSuite<?> suite) {
                String run =
                        context.getConfigurationParameter(SuiteRun.PARAMETER).orElseThrow();
                ((SabotagedSuite<Object>) suite).isGiven(SuiteRun.adapterOf(run));
            }
        }
    }
}

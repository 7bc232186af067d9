/** The domain of the measured commands, and the command buses over it: ours and Axon Framework 4's. */
@NullMarked
package io.eda.benchmarks.commands;

import org.jspecify.annotations.NullMarked;

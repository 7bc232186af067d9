/** What the consuming pipeline costs, without a broker: per event, per lane, per subscriber. */
@NullMarked
package io.eda.benchmarks.pipeline;

import org.jspecify.annotations.NullMarked;

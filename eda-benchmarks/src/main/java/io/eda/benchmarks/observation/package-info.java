/** What it costs that everything is counted, and that everything is traced. */
@NullMarked
package io.eda.benchmarks.observation;

import org.jspecify.annotations.NullMarked;

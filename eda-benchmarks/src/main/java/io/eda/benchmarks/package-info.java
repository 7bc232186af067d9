/** Measurements side by side with raw drivers and peers. */
@NullMarked
package io.eda.benchmarks;

import org.jspecify.annotations.NullMarked;

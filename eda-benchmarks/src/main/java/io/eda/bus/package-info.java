/** A look into the bus for the benchmarks. */
@NullMarked
package io.eda.bus;

import org.jspecify.annotations.NullMarked;

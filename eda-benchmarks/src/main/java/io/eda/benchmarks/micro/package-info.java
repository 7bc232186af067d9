/** What the hot paths cost alone, in nanoseconds and allocated bytes: JMH benchmarks, run by {@code dev/bench jmh}. */
@NullMarked
package io.eda.benchmarks.micro;

import org.jspecify.annotations.NullMarked;

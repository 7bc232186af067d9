/** The example of the README, so that what stands there compiles and runs. */
@NullMarked
package io.eda.samples.quickstart;

import org.jspecify.annotations.NullMarked;

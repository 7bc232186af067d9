/** The order system. */
@NullMarked
package io.eda.samples.orders;

import org.jspecify.annotations.NullMarked;

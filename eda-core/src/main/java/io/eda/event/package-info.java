/** Facts. */
@NullMarked
package io.eda.event;

import org.jspecify.annotations.NullMarked;

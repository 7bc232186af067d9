/** How long to wait before trying again. Used by everything that tries again, so that it is written once. */
@NullMarked
package io.eda.retry;

import org.jspecify.annotations.NullMarked;

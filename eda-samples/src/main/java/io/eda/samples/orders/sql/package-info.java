/** SQL for read models, in the few lines that they need. */
@NullMarked
package io.eda.samples.orders.sql;

import org.jspecify.annotations.NullMarked;

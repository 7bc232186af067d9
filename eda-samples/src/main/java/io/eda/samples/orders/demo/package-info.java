/**
 * The program behind {@code dev/demo}: {@link io.eda.samples.orders.demo.Main} serves the order system, plays a few orders
 * through it, or feeds it a file. Its PostgreSQL comes out of a jar, see {@code LocalPostgres}.
 */
@NullMarked
package io.eda.samples.orders.demo;

import org.jspecify.annotations.NullMarked;

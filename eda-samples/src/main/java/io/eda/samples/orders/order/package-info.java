/**
 * Orders: an {@link io.eda.samples.orders.order.Order} decides, its {@link io.eda.samples.orders.order.OrderCommand commands}
 * come from customers and from {@link io.eda.samples.orders.order.OrderReactions}.
 */
@NullMarked
package io.eda.samples.orders.order;

import org.jspecify.annotations.NullMarked;

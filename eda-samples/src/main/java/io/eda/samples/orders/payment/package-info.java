/** Payments: one {@link io.eda.samples.orders.payment.Payment} for each order, charged at most once. */
@NullMarked
package io.eda.samples.orders.payment;

import org.jspecify.annotations.NullMarked;

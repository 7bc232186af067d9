/**
 * The stock: one {@link io.eda.samples.orders.inventory.Inventory} for each product, so that the last piece has one judge.
 *
 * <p>An order of several products is reserved item after item: each {@code inventory.reserved} leads to the next item. Where
 * one is rejected the order is cancelled, and what was reserved before is released.
 */
@NullMarked
package io.eda.samples.orders.inventory;

import org.jspecify.annotations.NullMarked;

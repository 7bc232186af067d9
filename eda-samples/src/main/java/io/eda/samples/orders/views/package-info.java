/**
 * Read models in PostgreSQL: {@code order_views}, one row an order, and {@code stock_views}, one row a product. Each is a
 * projection, so it can be thrown away and built again from the events; its rows and its checkpoint change in one
 * transaction, so no event counts twice or not at all.
 */
@NullMarked
package io.eda.samples.orders.views;

import org.jspecify.annotations.NullMarked;

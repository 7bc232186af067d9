/**
 * What the services tell each other: the published language of the order system. Every service knows these facts and none
 * knows another service.
 *
 * <pre>
 *   order.created ─► inventory.reserved (item after item) ─► payment.charged ─► order.paid ─► order.shipped
 *                └─► inventory.rejected ─► order.cancelled    └─ payment.failed ─► order.cancelled ─► inventory.released
 * </pre>
 */
@NullMarked
package io.eda.samples.orders.events;

import org.jspecify.annotations.NullMarked;

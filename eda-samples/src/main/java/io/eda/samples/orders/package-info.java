/**
 * An order system: orders, inventory, payment and notification, each in its own package, and nothing between them but
 * events.
 *
 * <p>Read {@link io.eda.samples.orders.OrderSystem} first: the whole wiring on one screen. Then {@code events}, what the
 * services tell each other; {@code order.Order}, a pure decision; {@code order.OrderReactions}, what leads to it;
 * {@code views.OrderViews}, what people see.
 *
 * <pre>
 *   HTTP ─► Checkout ─► CommandBus ─► Order, Inventory, Payment ─► EventStore ──► ProjectionRunner ─► order_views ─► QueryBus
 *                           ▲                                          └► OutboxRelay ─► EventBus
 *                           └───────────────── …Reactions ◄────────────────────────────────┘
 * </pre>
 */
@NullMarked
package io.eda.samples.orders;

import org.jspecify.annotations.NullMarked;

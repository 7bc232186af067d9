/**
 * A sequenced dead-letter queue: what an adapter implements for one database so that a group can park an aggregate whose event cannot be
 * handled, and all later events of it, in their order.
 */
@NullMarked
package io.eda.parking;

import org.jspecify.annotations.NullMarked;

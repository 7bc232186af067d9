/** From the store to a bus: the event table is the outbox, so what was appended is published, and nothing else is. */
@NullMarked
package io.eda.outbox;

import org.jspecify.annotations.NullMarked;

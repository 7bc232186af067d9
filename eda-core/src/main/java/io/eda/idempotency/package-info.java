/**
 * At-least-once delivery, effectively-once handling: who has handled which event, and who is at it.
 *
 * <pre>
 *   claim ─► Granted    handle it, then complete (or release, where the handler failed)
 *        ├─► InProgress another one is at it, or died at it: come back when its lease is over
 *        └─► Completed  it was handled: acknowledge
 * </pre>
 */
@NullMarked
package io.eda.idempotency;

import org.jspecify.annotations.NullMarked;

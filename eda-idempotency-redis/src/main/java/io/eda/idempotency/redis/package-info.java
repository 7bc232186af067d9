/**
 * Redis or Valkey as the memory of which events a group has handled.
 *
 * <p>{@link io.eda.idempotency.redis.RedisIdempotencyStore} is the way in.
 *
 * <pre>
 *   claim ─► SET key P(token) NX GET PX lease ─┬─► nothing was there: granted
 *                                              ├─► a number: completed
 *                                              └─► another's claim ─► claim.lua: whose, and for how long still
 *         └─ several that wait: claim.lua over all their keys, an answer for each; complete.lua likewise
 *   complete, renew, release ─► a script that acts only if the key still holds P(token)
 * </pre>
 */
@NullMarked
package io.eda.idempotency.redis;

import org.jspecify.annotations.NullMarked;

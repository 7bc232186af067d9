/** Redis or Valkey as the memory of which events a group has handled. */
@NullMarked
package io.eda.idempotency.redis;

import org.jspecify.annotations.NullMarked;

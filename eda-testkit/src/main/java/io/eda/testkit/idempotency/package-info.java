/**
 * The suite that every idempotency store passes: {@link io.eda.testkit.idempotency.IdempotencyStoreContract}, in three groups:
 * {@code Claiming}, {@code Expiring} and {@code Failing}.
 */
@NullMarked
package io.eda.testkit.idempotency;

import org.jspecify.annotations.NullMarked;

/**
 * Deduplication in Redis: ours, the same commands by hand, and the handler of many guides, which asks, works, and remembers.
 *
 * <p>{@link io.eda.benchmarks.redis.RedisBench} has the scenarios, one class each the contenders.
 */
@NullMarked
package io.eda.benchmarks.redis;

import org.jspecify.annotations.NullMarked;

/**
 * Projections into PostgreSQL: how fast they catch up, and how soon an append is visible in a row. Ours beside a hand-written
 * loop and Axon's event processors, over the same events and the same upsert.
 */
@NullMarked
package io.eda.benchmarks.projections;

import org.jspecify.annotations.NullMarked;

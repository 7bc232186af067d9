/**
 * What is measured on PostgreSQL: begin with {@code AppendBench} and {@code ReadBench}.
 *
 * <pre>
 *   AppendBench ─► AppendSystem: Textbook, Axon4, Axon5, Pekko, RawInsert, RawUnnest, Eda     each on a fresh Database a round
 *   ReadBench   ─► StoredHistory: one Database for all, read by Eda's API, by raw cursors, and by peers from copies
 * </pre>
 */
@NullMarked
package io.eda.benchmarks.postgres;

import org.jspecify.annotations.NullMarked;

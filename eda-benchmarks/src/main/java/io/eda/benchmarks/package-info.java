/**
 * Measurements side by side with raw drivers and peers; {@code docs/performance.md} says how to read them.
 *
 * <pre>
 *   Bench ─► postgres.AppendBench, postgres.ReadBench     the scenarios, and the systems in them
 *                      └──► harness.Comparison            A B C A B C …, the table, the CSV
 * </pre>
 */
@NullMarked
package io.eda.benchmarks;

import org.jspecify.annotations.NullMarked;

/**
 * Compares systems that share a machine with noise: begin with {@code Scenario}, then {@code Comparison}, then {@code Round}.
 *
 * <pre>
 *   Scenario: contenders, pace, goals
 *      └──► Comparison ──► Round ──► callers' threads ──► Operation
 *               │            └─ Usage: CPU, allocation, steal
 *               └──► Outcome ──► ResultTable, CsvFile
 * </pre>
 */
@NullMarked
package io.eda.benchmarks.harness;

import org.jspecify.annotations.NullMarked;

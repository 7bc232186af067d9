/**
 * Compares systems that share a machine with noise: begin with {@code Scenario}, then {@code Comparison}, then {@code Round}.
 *
 * <pre>
 *   Scenario: contenders, pace, goals
 *      └──► Comparison ──► Round ──► callers' threads ──► Operation
 *               │            ├─ Usage: CPU, allocation, steal
 *               │            └─ RemoteSession ──► ChildProcess: RoundServer ──► Round, for who needs a JVM of its own
 *               └──► Outcome ──► ResultTable, CsvFile
 * </pre>
 */
@NullMarked
package io.eda.benchmarks.harness;

import org.jspecify.annotations.NullMarked;

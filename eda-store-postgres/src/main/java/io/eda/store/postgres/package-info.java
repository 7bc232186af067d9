/**
 * Events and checkpoints on PostgreSQL 14 or newer, through a {@link javax.sql.DataSource}.
 *
 * <p>{@link io.eda.store.postgres.PostgresEventStorage} keeps the history, {@link
 * io.eda.store.postgres.PostgresCheckpointStore} moves a checkpoint in the transaction of a read model, and {@link
 * io.eda.store.postgres.PostgresOptions} holds every limit. Inside, begin with {@code Watermark}: how a reader never skips
 * an event that commits late. The SQL stands in resources, one statement or object a file.
 *
 * <pre>
 *   append ──► AppendLanes ──► EventAppender ── append_event.sql ────► events
 *                  │ signal, and NOTIFY by WakeUps
 *                  ▼
 *   readAll ─► EventPages ◄── VisiblePosition ◄── observe.sql (committed, then writers)
 *                  ├─ near the end ─► RecentEvents ─┐
 *                  └─ far from it ──► ReadAhead ────┴─► EventReader ◄── events
 * </pre>
 */
@NullMarked
package io.eda.store.postgres;

import org.jspecify.annotations.NullMarked;

/**
 * Events and checkpoints on PostgreSQL 14 or newer, through a {@link javax.sql.DataSource}.
 *
 * <p>{@link io.eda.store.postgres.PostgresEventStorage} keeps the history, {@link
 * io.eda.store.postgres.PostgresCheckpointStore} moves a checkpoint in the transaction of a read model, and {@link
 * io.eda.store.postgres.PostgresOptions} holds every limit. Inside, begin with {@code Watermark}: how a reader never skips
 * an event that commits late. The SQL stands in resources, one statement or object a file.
 *
 * <pre>
 *   append ──► EventAppender ── append.sql ──────────────────────► events
 *   readAll ─► EventReader ◄── position ── VisiblePosition ◄── observe.sql (committed, then writers)
 * </pre>
 */
@NullMarked
package io.eda.store.postgres;

import org.jspecify.annotations.NullMarked;

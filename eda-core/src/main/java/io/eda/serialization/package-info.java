/**
 * Bytes that stay readable: which events an application knows, how they are written, and how old ones are brought up to
 * date. The only package that knows Jackson.
 *
 * <p>Read {@link io.eda.serialization.EventTypes} first: the catalogue that maps type and version to a class.
 *
 * <pre>
 *   EventRecord ── current version? ──yes──────────────────────────► bytes → object
 *                        └─no─► JSON tree ─ EventUpcaster ─ … ─► current version ─► object(s)
 * </pre>
 */
@NullMarked
package io.eda.serialization;

import org.jspecify.annotations.NullMarked;

/** PostgreSQL as event store. */
@NullMarked
package io.eda.store.postgres;

import org.jspecify.annotations.NullMarked;

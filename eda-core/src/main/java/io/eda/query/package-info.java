/** Questions to read models: a {@link io.eda.query.Query} names its answer's type, a handler gives it. */
@NullMarked
package io.eda.query;

import org.jspecify.annotations.NullMarked;

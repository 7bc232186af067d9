/**
 * What a broker adapter implements: bytes out, bytes in, and nothing else. Everything that is hard about consuming is
 * written once, in {@code io.eda.bus}.
 */
@NullMarked
package io.eda.transport;

import org.jspecify.annotations.NullMarked;

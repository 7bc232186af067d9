/**
 * The full contracts without I/O: for tests, for examples, and for programs whose history may end with the process. They
 * pass the same suites as the real adapters.
 */
@NullMarked
package io.eda.inmemory;

import org.jspecify.annotations.NullMarked;

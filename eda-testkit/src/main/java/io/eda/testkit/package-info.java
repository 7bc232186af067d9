/** Contract suites. */
@NullMarked
package io.eda.testkit;

import org.jspecify.annotations.NullMarked;

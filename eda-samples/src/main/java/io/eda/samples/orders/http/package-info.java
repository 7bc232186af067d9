/** The order system over HTTP, on the JDK's own server: {@link io.eda.samples.orders.http.HttpApi} has all routes. */
@NullMarked
package io.eda.samples.orders.http;

import org.jspecify.annotations.NullMarked;

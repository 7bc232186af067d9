/** What customers are told: each fact once, whatever crashes. */
@NullMarked
package io.eda.samples.orders.notification;

import org.jspecify.annotations.NullMarked;

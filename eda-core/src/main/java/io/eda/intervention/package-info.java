/**
 * What people did about events that could not be handled: a line for each replay and each drop, and none for an event that went its way.
 */
@NullMarked
package io.eda.intervention;

import org.jspecify.annotations.NullMarked;

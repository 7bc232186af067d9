package io.eda.bus;

import io.eda.telemetry.Tracing;

/**
 * Whom a bus tells what it does.
 *
 * @param meters what it counts
 * @param tracing who hears of each event
 */
record Signals(BusMeters meters, Tracing tracing) {}

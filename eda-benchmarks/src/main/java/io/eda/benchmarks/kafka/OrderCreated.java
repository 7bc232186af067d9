package io.eda.benchmarks.kafka;

/** What the measured messages hold as JSON; public for those who make it by reflection. */
public record OrderCreated(String customer, String note) {}

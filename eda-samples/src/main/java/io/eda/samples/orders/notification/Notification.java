package io.eda.samples.orders.notification;

import java.util.UUID;

/**
 * What one customer is told about one fact.
 *
 * @param eventId the fact
 * @param orderId the order
 * @param customer who is told
 * @param text what
 */
public record Notification(UUID eventId, String orderId, String customer, String text) {}

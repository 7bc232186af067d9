package io.eda.samples.orders.payment;

/**
 * Charges a card for an order.
 *
 * @param orderId the order
 * @param amountCents what it costs
 * @param card the payment provider's token of the card
 */
public record ChargePayment(String orderId, long amountCents, String card) {}

package io.eda.samples.orders.events;

/** What happens to the payment of one order. The aggregate's id is the order's. */
public sealed interface PaymentEvent {

    /** The card was charged. */
    record PaymentCharged(long amountCents, String card) implements PaymentEvent {}

    /** The card was declined. */
    record PaymentFailed(long amountCents, String card, String reason) implements PaymentEvent {}
}

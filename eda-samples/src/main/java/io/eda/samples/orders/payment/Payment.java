package io.eda.samples.orders.payment;

import io.eda.aggregate.Aggregate;
import io.eda.aggregate.Evolution;
import io.eda.samples.orders.events.PaymentEvent;
import io.eda.samples.orders.events.PaymentEvent.PaymentCharged;
import io.eda.samples.orders.events.PaymentEvent.PaymentFailed;
import java.util.List;

/**
 * The payment of one order: tried once, whoever asks and however often.
 *
 * @param status what came of it
 */
public record Payment(Status status) {

    /** The token that every payment provider has for this: a card that is declined. */
    public static final String DECLINED_CARD = "tok-declined";

    /** What came of a payment. */
    public enum Status {
        /** It was not tried. */
        OPEN,
        /** The money is here. */
        CHARGED,
        /** There is no money. */
        FAILED
    }

    /** Payments: their first state, and what each event makes of it. */
    public static final Aggregate<Payment, PaymentEvent> AGGREGATE = Aggregate.of(
            "payment",
            new Payment(Status.OPEN),
            Evolution.<Payment, PaymentEvent>over(PaymentEvent.class)
                    .on(PaymentCharged.class, (payment, charged) -> new Payment(Status.CHARGED))
                    .on(PaymentFailed.class, (payment, failed) -> new Payment(Status.FAILED))
                    .build());

    /** Charges an open payment. */
    public static List<PaymentEvent> charge(ChargePayment command, Payment payment) {
        if (payment.status != Status.OPEN) {
            return List.of();
        }
        return List.of(
                command.card().equals(DECLINED_CARD)
                        ? new PaymentFailed(command.amountCents(), command.card(), "the card was declined")
                        : new PaymentCharged(command.amountCents(), command.card()));
    }
}

package io.eda.samples.orders.payment;

import static io.eda.testkit.AggregateScenario.given;

import io.eda.samples.orders.events.PaymentEvent;
import io.eda.samples.orders.events.PaymentEvent.PaymentCharged;
import io.eda.samples.orders.events.PaymentEvent.PaymentFailed;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PaymentTest {

    private static final ChargePayment CHARGE = new ChargePayment("1", 24_00, "tok-visa");
    private static final PaymentEvent CHARGED = new PaymentCharged(24_00, "tok-visa");

    @Test
    void a_declined_card_fails() {
        given(Payment.AGGREGATE)
                .when(new ChargePayment("1", 24_00, Payment.DECLINED_CARD), Payment::charge)
                .thenEvents(new PaymentFailed(24_00, Payment.DECLINED_CARD, "the card was declined"));
    }

    @Test
    void a_good_card_is_charged() {
        given(Payment.AGGREGATE).when(CHARGE, Payment::charge).thenEvents(CHARGED);
    }

    @Test
    void nothing_is_charged_twice_whichever_card_comes() {
        given(Payment.AGGREGATE, CHARGED).when(CHARGE, Payment::charge).thenNothing();
        given(Payment.AGGREGATE, CHARGED)
                .when(new ChargePayment("1", 24_00, "tok-other"), Payment::charge)
                .thenNothing();
    }

    @Test
    void a_failed_payment_is_not_tried_again() {
        given(Payment.AGGREGATE, new PaymentFailed(24_00, "tok-declined", "declined"))
                .when(CHARGE, Payment::charge)
                .thenNothing();
    }
}

package io.eda.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class NamingRuleTest {

    @Test
    void the_error_says_what_an_event_is_what_was_meant_and_how_to_insist() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NamingRule.check("createUser"))
                .withMessage("'createUser' is no name for an event: an event is a fact in the past tense; did you mean"
                        + " 'user.created'? (A name that must stay as it is can be allowed with allowName.)");
    }

    @ParameterizedTest
    @CsvSource({
        // commands in camel case, Pascal case, snake case
        "createUser, user.created",
        "reserveInventory, inventory.reserved",
        "cancelOrder, order.cancelled",
        "PlaceOrder, order.placed",
        "SendEmail, email.sent",
        "ship_order, order.shipped",
        "resetPassword, password.reset",
        "createUsers, users.created",
        "OpenAccount, account.opened",
        "copyFile, file.copied",
        "CREATE_USER, user.created",
        // noun first
        "orderPay, order.paid",
        "itemAdd, item.added",
        "stockReserve, stock.reserved",
        "paymentFail, payment.failed",
        "usersAdd, users.added",
        // two words that can both be the verb
        "createOrder, order.created",
        "refundOrder, order.refunded",
        "orderRefund, order.refunded",
        "requestOrder, order.requested",
        "stop.order, order.stopped",
        "issueInvoice, invoice.issued",
        "invoice.issue, invoice.issued",
        "createBid, bid.created",
        "updateCost, cost.updated",
        "commitOffset, offset.committed",
        "transfer.start, transfer.started",
        // the right words in the wrong form
        "UserCreated, user.created",
        "USER_CREATED, user.created",
        "order_created, order.created",
        "order-created, order.created",
        "order:created, order.created",
        "Order.created, order.created",
        "order.Created, order.created",
        "'order created', order.created",
        "' order.created ', order.created",
        "order..created, order.created",
        ".order.created, order.created",
        "order.created., order.created",
        "order.created_, order.created",
        "OrderCreatedEvent, order.created",
        "order.created.event, order.created",
        "order.created.v2, order.created",
        "HTTPRequestSent, http_request.sent",
        // present tense
        "order.pay, order.paid",
        "order.pays, order.paid",
        "order.paying, order.paid",
        "order.create, order.created",
        "order.creating, order.created",
        "order.ship, order.shipped",
        "order.shipping, order.shipped",
        "order.processes, order.processed",
        "order.replies, order.replied",
        "order.deny, order.denied",
        "order.plan, order.planned",
        "order.refer, order.referred",
        "order.feed, order.fed",
        "order.exceed, order.exceeded",
        "order.frob, order.frobed",
        "money.withdraw, money.withdrawn",
        "parcel.lose, parcel.lost",
        "seat.hold, seat.held",
        "payment.failure, payment.failed",
        // with a particle
        "signUpUser, user.signed_up",
        "userLogin, user.logged_in"
    })
    void a_name_that_is_no_fact_is_refused_with_the_fact_that_was_meant(String name, String meant) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NamingRule.check(name))
                .withMessageContaining("an event is a fact in the past tense; did you mean '" + meant + "'?");
        assertThatCode(() -> NamingRule.check(meant)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "created",
                "paid",
                "create",
                "order",
                "signUp",
                "order.v2",
                "order.1created",
                "a.b",
                "über.erstellt",
                "注文.作成",
                ".",
                ""
            })
    void a_name_that_says_too_little_is_refused_with_the_form_alone(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NamingRule.check(name))
                .withMessageContaining("'" + name + "' is no name for an event")
                .withMessageContaining("in the past tense; write noun.verb-ed, such as 'order.created'.")
                .withMessageNotContaining("did you mean");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order.created",
                "user.created",
                "order.submitted",
                "order.cancelled",
                "order.canceled",
                "inventory.reserved",
                "order.paid",
                "message.sent",
                "order.shipped",
                "parcel.lost",
                "seat.held",
                "money.withdrawn",
                "item.sold",
                "customer.bought",
                "price.cut",
                "password.reset",
                "contract.broken",
                "account.frozen",
                "bid.won",
                "letter.written",
                "offer.withheld",
                "database.rebuilt",
                "refund.paid",
                "order.item_added",
                "order.line.item_added",
                "user.signed_up",
                "user.logged_in",
                "order.checked_out",
                "b2b_order.created",
                "deal.struck"
            })
    void a_fact_in_the_past_tense_is_accepted_regular_or_not(String name) {
        assertThatCode(() -> NamingRule.check(name)).doesNotThrowAnyException();
    }

    @Test
    void a_word_on_ed_that_is_no_past_form_is_not_taken_for_one() {
        for (String word :
                new String[] {"feed", "need", "seed", "speed", "hundred", "embed", "proceed", "red", "bed"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> NamingRule.check("order." + word));
        }
    }

    @Test
    void a_class_without_a_type_gets_a_name_from_its_own() {
        assertThat(NamingRule.proposal("OrderPlacedEvent")).isEqualTo("order.placed");
        assertThat(NamingRule.proposal("Created")).isEqualTo("order.created");
    }
}

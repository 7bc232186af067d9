package io.eda.samples.orders.demo;

import java.util.List;

/**
 * Where an order of the play should end.
 *
 * @param orderId the order
 * @param title what it is about
 * @param status its end
 * @param payment what came of its payment
 * @param told the beginnings of what its customer was told, in their order
 */
record Expectation(String orderId, String title, String status, String payment, List<String> told) {

    static Expectation shipped(String orderId, String title) {
        return new Expectation(
                orderId,
                title,
                "shipped",
                "charged",
                List.of("we have your order", "your payment has arrived", "your order is on its way"));
    }

    static Expectation cancelled(String orderId, String title, String payment, String reason) {
        return new Expectation(
                orderId,
                title,
                "cancelled",
                payment,
                List.of("we have your order", "your order was cancelled: " + reason));
    }
}

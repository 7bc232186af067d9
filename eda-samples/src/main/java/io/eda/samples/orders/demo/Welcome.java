package io.eda.samples.orders.demo;

/** What the demo says when it serves; {@code %1$s} is where. */
final class Welcome {

    static final String TEXT =
            """

            The order system is up.

              click   %1$s/          what there is
                      %1$s/orders    the latest orders

              type    curl %1$s/orders -d '{"orderId": "A-1", "customer": "ada", "items": [{"sku": "mug", "quantity": 2}], "card": "tok-visa"}'
                      curl %1$s/orders/A-1
                      curl %1$s/orders/A-1/events

              or pay when you like
                      curl %1$s/orders -d '{"orderId": "A-2", "customer": "bob", "items": [{"sku": "lamp", "quantity": 1}]}'
                      curl %1$s/orders/A-2/pay -d '{"card": "tok-visa"}'

              'tok-declined' is a card that is declined, and of 'print' there is one piece. Ctrl-C ends it.

            """;

    private Welcome() {}
}

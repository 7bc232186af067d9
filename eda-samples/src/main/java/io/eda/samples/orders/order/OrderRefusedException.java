package io.eda.samples.orders.order;

/** An order was not accepted. The message is for the customer and says why. */
public final class OrderRefusedException extends RuntimeException {

    private final String reason;

    /** Says why. */
    public OrderRefusedException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Returns why. */
    public String reason() {
        return reason;
    }
}

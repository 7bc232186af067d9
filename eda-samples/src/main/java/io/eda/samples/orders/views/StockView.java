package io.eda.samples.orders.views;

/**
 * The stock of a product.
 *
 * @param sku the product
 * @param available how many pieces can be ordered
 * @param held how many are set aside or sold
 */
public record StockView(String sku, long available, long held) {}

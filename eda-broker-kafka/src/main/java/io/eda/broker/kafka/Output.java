package io.eda.broker.kafka;

import org.apache.kafka.clients.producer.ProducerRecord;

/** One record that is published in the transaction that acknowledges the message of which it was made. */
record Output(Destination destination, ProducerRecord<byte[], byte[]> record, int size) {}

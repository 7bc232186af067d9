package io.eda.bus;

import io.eda.parking.ParkedKey;

/** Why an event was parked that no handler has seen. */
final class KeyParkedException extends RuntimeException {

    KeyParkedException(ParkedKey key) {
        super("An earlier event of " + key + " is parked: replay or drop that one first");
    }
}

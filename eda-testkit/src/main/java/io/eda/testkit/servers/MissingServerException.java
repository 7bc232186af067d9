package io.eda.testkit.servers;

/** A test wants a server that this machine cannot give; the message says where it was looked for and how to get it. */
final class MissingServerException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    MissingServerException(String message) {
        super(message);
    }
}

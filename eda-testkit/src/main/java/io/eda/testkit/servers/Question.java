package io.eda.testkit.servers;

/** Asks the server at this address one real question; an open port alone is no answer. */
@FunctionalInterface
interface Question {

    boolean isAnswered(String host, int port);
}

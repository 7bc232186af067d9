package io.eda.observation;

import java.util.regex.Pattern;

/** Keeps out of texts for people what drivers put into their errors: credentials in addresses, and passwords in parameters. */
final class Secrets {

    private static final Pattern IN_ADDRESS = Pattern.compile("://[^/@\\s]+@");
    private static final Pattern AS_PARAMETER =
            Pattern.compile("(?i)(pass(?:word|wd|phrase)?|secret|token|api[_-]?key)(\\s*[=:]\\s*)[^\\s&;,)\"']+");
    private static final int MAX_LENGTH = 500;

    private Secrets() {}

    static String blackedOut(String text) {
        String known = AS_PARAMETER
                .matcher(IN_ADDRESS.matcher(text).replaceAll("://***@"))
                .replaceAll("$1$2***");
        return known.length() <= MAX_LENGTH ? known : known.substring(0, MAX_LENGTH) + " …";
    }
}

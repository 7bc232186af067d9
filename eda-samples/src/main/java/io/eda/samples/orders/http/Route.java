package io.eda.samples.orders.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which requests go where; the path's one group, if it has one, is the id of what is asked about. */
record Route(String method, Pattern path, Action action) {

    static Route of(String method, String path, Action action) {
        return new Route(method, Pattern.compile(path.replace("{id}", "([^/]+)")), action);
    }

    boolean isAt(String asked) {
        return path.matcher(asked).matches();
    }

    String id(String asked) {
        Matcher matcher = path.matcher(asked);
        return matcher.matches() && matcher.groupCount() == 1 ? matcher.group(1) : "";
    }

    interface Action {
        Reply answer(Request request) throws Exception;
    }
}

package io.eda.testkit.servers;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A PostgreSQL JDBC URL in its parts.
 *
 * @param authority hosts with their ports, as written
 * @param database the database
 * @param parameters what follows the question mark, decoded
 */
record JdbcUrl(String authority, String database, Map<String, String> parameters) {

    private static final Pattern FORM = Pattern.compile("jdbc:postgresql://([^/?]+)/([^?]*)(?:\\?(.*))?");
    private static final Pattern FIRST_HOST = Pattern.compile("(\\[[^]]+]|[^:,]+)(?::(\\d+))?.*");
    private static final int DEFAULT_PORT = 5432;

    JdbcUrl {
        parameters = Map.copyOf(parameters);
    }

    static JdbcUrl parse(String url) {
        Matcher form = FORM.matcher(url);
        if (!form.matches()) {
            throw new IllegalArgumentException("EDA_POSTGRES_URL is '" + url.replaceAll("\\?.*", "?…")
                    + "', which is no URL of a PostgreSQL. Write jdbc:postgresql://host:5432/database.");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : Optional.ofNullable(form.group(3)).orElse("").split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                parameters.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return new JdbcUrl(group(form, 1), group(form, 2), parameters);
    }

    static JdbcUrl local(String host, int port, String user) {
        return new JdbcUrl(host + ":" + port, "postgres", Map.of("user", user));
    }

    String host() {
        return firstHost(1).orElse("localhost");
    }

    int port() {
        return firstHost(2).map(Integer::parseInt).orElse(DEFAULT_PORT);
    }

    String user() {
        return parameters.getOrDefault("user", "");
    }

    String password() {
        return parameters.getOrDefault("password", "");
    }

    JdbcUrl withUser(Optional<String> user, Optional<String> password) {
        JdbcUrl named = user.map(name -> withParameter("user", name)).orElse(this);
        return password.filter(secret -> !secret.isEmpty())
                .map(secret -> named.withParameter("password", secret))
                .orElse(named);
    }

    JdbcUrl withDatabase(String name) {
        return new JdbcUrl(authority, name, parameters);
    }

    JdbcUrl withParameter(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(name, value);
        return new JdbcUrl(authority, database, more);
    }

    @Override
    public String toString() {
        String query = parameters.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return "jdbc:postgresql://" + authority + "/" + database + (query.isEmpty() ? "" : "?" + query);
    }

    private Optional<String> firstHost(int group) {
        Matcher host = FIRST_HOST.matcher(authority);
        return host.matches() ? Optional.ofNullable(host.group(group)) : Optional.empty();
    }

    private static String group(Matcher matcher, int group) {
        return Optional.ofNullable(matcher.group(group)).orElse("");
    }

    private static String decode(String value) {
        return URLDecoder.decode(value, StandardCharsets.UTF_8);
    }
}

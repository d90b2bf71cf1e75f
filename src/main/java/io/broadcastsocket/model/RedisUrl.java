package io.broadcastsocket.model;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where Redis is, as an operator writes it.
 *
 * <pre>
 * redis://[[user]:password@]host[:6379][/database]                                one server
 * redis+sentinel://[[user]:password@]host[:26379][,host…]/master[/database][?sentinelPassword=…]
 *                                                                                 whichever server the sentinels name
 * redis+cluster://[[user]:password@]host[:6379][,host…]                           any nodes of a Redis Cluster
 * </pre>
 *
 * <p>{@code rediss} instead of {@code redis} is TLS. User, password and master are percent-decoded. Never printed with the
 * password.
 *
 * @param endpoints the servers to ask first, at least one
 * @param master name of the master that the sentinels watch; empty in the other forms
 * @param user empty for Redis's default user
 * @param password empty for none
 * @param sentinelPassword what the sentinels themselves want; empty for none
 */
public record RedisUrl(
        Form form,
        Encryption encryption,
        List<Endpoint> endpoints,
        String master,
        String user,
        String password,
        String sentinelPassword,
        int database) {
    /** How the server that takes the writes is found. */
    public enum Form {
        SINGLE,
        SENTINEL,
        CLUSTER
    }

    /** What goes over the network. */
    public enum Encryption {
        NONE,
        TLS
    }

    /** One TCP address. */
    public record Endpoint(String host, int port) {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    private static final Pattern URL =
            Pattern.compile("redis(s?)(\\+sentinel|\\+cluster)?://(?:([^@/]*)@)?([^/@?]+)(/[^?]*)?(?:\\?(.*))?");
    private static final Pattern ENDPOINT = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]\\s]+)(?::(\\d{1,5}))?");
    private static final String SENTINEL_PASSWORD = "sentinelPassword=";
    private static final int MAX_PORT = 65535;

    public RedisUrl {
        endpoints = List.copyOf(endpoints);
    }

    /** @throws IllegalArgumentException with a sentence that says what is expected, and no secret */
    public static RedisUrl parse(String text) {
        Matcher url = URL.matcher(text.trim());
        if (!url.matches()) {
            throw new IllegalArgumentException(
                    "expected redis://[[user]:password@]host[:port][/database], or the same with"
                            + " rediss, redis+sentinel or redis+cluster");
        }
        if (url.group(5) != null && url.group(5).contains("@")
                || url.group(6) != null && url.group(6).contains("@")) {
            throw new IllegalArgumentException("/, ? and @ in a user or password have to be percent-encoded");
        }
        Form form =
                url.group(2) == null ? Form.SINGLE : url.group(2).equals("+sentinel") ? Form.SENTINEL : Form.CLUSTER;
        List<Endpoint> endpoints = endpoints(url.group(4), form == Form.SENTINEL ? 26379 : 6379);
        if (form == Form.SINGLE && endpoints.size() > 1) {
            throw new IllegalArgumentException(
                    "redis:// names one server; use redis+sentinel:// or redis+cluster:// for several");
        }
        List<String> path = path(url.group(5));
        String master = form == Form.SENTINEL ? master(path) : "";
        String[] credentials = credentials(url.group(3));
        return new RedisUrl(
                form,
                url.group(1).isEmpty() ? Encryption.NONE : Encryption.TLS,
                endpoints,
                master,
                credentials[0],
                credentials[1],
                sentinelPassword(form, url.group(6)),
                database(form, path));
    }

    private static List<Endpoint> endpoints(String list, int defaultPort) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String part : list.split(",", -1)) {
            Matcher endpoint = ENDPOINT.matcher(part.trim());
            int port =
                    endpoint.matches() && endpoint.group(2) != null ? Integer.parseInt(endpoint.group(2)) : defaultPort;
            if (!endpoint.matches() || port < 1 || port > MAX_PORT) {
                throw new IllegalArgumentException("\"" + part + "\" is not a host and a port from 1 to " + MAX_PORT);
            }
            endpoints.add(new Endpoint(endpoint.group(1).replaceAll("[\\[\\]]", ""), port));
        }
        return endpoints;
    }

    private static List<String> path(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path == null ? new String[0] : path.substring(1).split("/")) {
            if (!part.isEmpty()) {
                parts.add(decode(part));
            }
        }
        return parts;
    }

    private static String master(List<String> path) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("redis+sentinel:// needs the name of the master: …host:26379/mymaster");
        }
        return path.remove(0);
    }

    private static String sentinelPassword(Form form, String query) {
        if (query == null || query.isEmpty()) {
            return "";
        }
        if (form != Form.SENTINEL || !query.startsWith(SENTINEL_PASSWORD) || query.contains("&")) {
            throw new IllegalArgumentException("the only thing after ? is sentinelPassword=…, with redis+sentinel://");
        }
        return decode(query.substring(SENTINEL_PASSWORD.length()));
    }

    private static int database(Form form, List<String> path) {
        if (path.isEmpty()) {
            return 0;
        }
        if (path.size() > 1 || form == Form.CLUSTER || !path.get(0).matches("\\d{1,4}")) {
            throw new IllegalArgumentException(
                    form == Form.CLUSTER
                            ? "a Redis Cluster has no databases"
                            : "\"" + String.join("/", path) + "\" is not the number of a database");
        }
        return Integer.parseInt(path.get(0));
    }

    /** User and password; a part without a colon is taken for the password, as redis-cli does. */
    private static String[] credentials(String part) {
        if (part == null || part.isEmpty()) {
            return new String[] {"", ""};
        }
        int colon = part.indexOf(':');
        return colon < 0
                ? new String[] {"", decode(part)}
                : new String[] {decode(part.substring(0, colon)), decode(part.substring(colon + 1))};
    }

    private static String decode(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            // Its message contains what was to be decoded, which may be the password.
            throw new IllegalArgumentException("two hexadecimal digits have to follow each %");
        }
    }

    /** The servers, without credentials. */
    @Override
    public String toString() {
        return String.join(",", endpoints.stream().map(Endpoint::toString).toList())
                + (master.isEmpty() ? "" : "/" + master);
    }
}

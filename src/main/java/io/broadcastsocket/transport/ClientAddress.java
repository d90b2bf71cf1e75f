package io.broadcastsocket.transport;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a request really comes from.
 *
 * <p>Immutable, thread-safe.
 *
 * @param host address as text
 * @param key what rate limits count by: the address, or of IPv6 the /64 network that one user has
 * @param isLoopback it comes from this machine, and nothing says that it was forwarded
 */
public record ClientAddress(String host, String key, boolean isLoopback) {
    private static final String FORWARDED_FOR = "X-Forwarded-For";

    /** What proxies send instead or besides; enough to know that a request does not come from this machine. */
    private static final List<String> OTHER_WORDS = List.of("Forwarded", "X-Real-IP");

    /**
     * Reads the address of a request.
     *
     * @param trustedHops number of own proxies in front; each adds an entry to {@code X-Forwarded-For}, so the client is
     *     that many entries from the end. Entries before it can be forged.
     */
    public static ClientAddress of(HttpServerRequest request, int trustedHops) {
        List<String> forwarded = request.headers().getAll(FORWARDED_FOR).stream()
                .flatMap(header -> Stream.of(header.split(",")))
                .map(String::trim)
                .toList();
        String peer = request.remoteAddress() == null
                ? "unknown"
                : request.remoteAddress().hostAddress();
        ClientAddress address = of(peer, forwarded, trustedHops);
        boolean isForwarded = OTHER_WORDS.stream().anyMatch(request.headers()::contains);
        return isForwarded ? new ClientAddress(address.host(), address.key(), false) : address;
    }

    static ClientAddress of(String peer, List<String> forwarded, int trustedHops) {
        boolean isForwarded = !forwarded.isEmpty();
        String host =
                trustedHops > 0 && isForwarded ? forwarded.get(Math.max(0, forwarded.size() - trustedHops)) : peer;
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        boolean isLoopback = !isForwarded && address != null && address.isLoopbackAddress();
        return new ClientAddress(host, key(host, address), isLoopback);
    }

    private static String key(String host, InetAddress address) {
        if (address == null || address.getAddress().length != 16) {
            return host;
        }
        byte[] bytes = address.getAddress();
        StringBuilder network = new StringBuilder(20);
        for (int i = 0; i < 8; i += 2) {
            network.append(Integer.toHexString((bytes[i] & 0xFF) << 8 | bytes[i + 1] & 0xFF))
                    .append(':');
        }
        return network.append(":/64").toString();
    }
}

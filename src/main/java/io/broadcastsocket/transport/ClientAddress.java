package io.broadcastsocket.transport;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a request really comes from.
 *
 * <p>Immutable, thread-safe.
 *
 * @param host address in its canonical form, or what stood in its place
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
        Optional<InetAddress> address = parse(host);
        boolean isLoopback =
                !isForwarded && address.filter(InetAddress::isLoopbackAddress).isPresent();
        return address.map(known -> new ClientAddress(NetUtil.toAddressString(known), key(known), isLoopback))
                .orElseGet(() -> new ClientAddress(host, host, false));
    }

    /** The address in an entry, which some proxies write with a port; empty for anything else. */
    private static Optional<InetAddress> parse(String entry) {
        String host = entry;
        int bracket = entry.indexOf(']');
        if (entry.startsWith("[") && bracket > 0) {
            host = entry.substring(1, bracket);
        } else if (entry.indexOf(':') == entry.lastIndexOf(':') && entry.contains(":")) {
            host = entry.substring(0, entry.indexOf(':'));
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            // This makes an IPv4 address of an IPv6 address that stands for one.
            return bytes == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException wrongLength) {
            return Optional.empty();
        }
    }

    private static String key(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != 16) {
            return NetUtil.toAddressString(address);
        }
        StringBuilder network = new StringBuilder(24);
        for (int i = 0; i < 8; i += 2) {
            network.append(Integer.toHexString((bytes[i] & 0xFF) << 8 | bytes[i + 1] & 0xFF))
                    .append(':');
        }
        return network.append(":/64").toString();
    }
}

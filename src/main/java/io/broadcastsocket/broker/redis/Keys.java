package io.broadcastsocket.broker.redis;

import java.util.List;

/**
 * Names of everything in Redis; {@code docs/redis.md} describes the layout.
 *
 * <p>Immutable, thread-safe. The name of a channel stands in braces, so that in a Redis Cluster all keys of a channel are on
 * one server.
 */
final class Keys {
    private final String prefix;

    Keys(String prefix) {
        this.prefix = prefix;
    }

    /** Hash: epoch, top and generation of a channel. */
    String stream(String channel) {
        return of(channel) + "stream";
    }

    /** Stream: the publications of a channel, with their offsets as ids. */
    String log(String channel) {
        return of(channel) + "log";
    }

    /** String: the position that a message id got. */
    String id(String channel, String messageId) {
        return of(channel) + "id:" + messageId;
    }

    /** String: the position that a publication without a publisher's id got; no publisher can name it. */
    String own(String channel, String nodeId, String number) {
        return of(channel) + "own:" + nodeId + "/" + number;
    }

    /** Pub/sub channel of a channel's announcements. */
    String announcements(String channel) {
        return of(channel) + "live";
    }

    /** The channel whose announcements these are, or null when it is none of ours. */
    String channelOf(String announcements) {
        int start = prefix.length() + 2;
        int end = announcements.length() - "}:live".length();
        return announcements.startsWith(prefix + ":{") && announcements.endsWith("}:live") && end > start
                ? announcements.substring(start, end)
                : null;
    }

    /** Hash: which life of a server its data belong to; the tag puts it on that server. */
    String generation(String tag) {
        return prefix + ":generation:{" + tag + "}";
    }

    /** Pub/sub channel of one connection's probes. */
    String probe(String link) {
        return prefix + ":probe:" + link;
    }

    /** String: a session, by a digest of its token. */
    String session(String digest) {
        return prefix + ":session:" + digest;
    }

    /** Pub/sub channel of what other nodes tell a node. */
    String node(String nodeId) {
        return prefix + ":node:" + nodeId;
    }

    /** Hash: what each node has and does, by node. */
    String nodes() {
        return prefix + ":{cluster}:nodes";
    }

    /** Sorted set: subscribers by channel on one node. */
    String subscribers(String nodeId) {
        return prefix + ":{cluster}:subscribers:" + nodeId;
    }

    /** Sorted set: subscribers by channel on all nodes, added up a moment ago. */
    String subscribersOfAll() {
        return prefix + ":{cluster}:subscribers";
    }

    /** Hash: the members of a channel, under the channel that says who joins and leaves it. */
    String members(String presenceChannel) {
        return of(presenceChannel) + "members";
    }

    /** Sorted set: the ids of these members, in order. */
    String order(String presenceChannel) {
        return of(presenceChannel) + "order";
    }

    /** The log of that channel, with its members and their ids: what the scripts need that change members and tell it. */
    List<String> memberKeys(String presenceChannel) {
        return List.of(stream(presenceChannel), log(presenceChannel), members(presenceChannel), order(presenceChannel));
    }

    /** Hash: when the lease of each node ends. */
    String leases() {
        return prefix + ":{presence}:leases";
    }

    /** Hash: leases that have lapsed, and from when on a node may take each to remove its members. */
    String lapsedLeases() {
        return prefix + ":{presence}:lapsed";
    }

    /** Sorted set: channels in which a lease has members. */
    String channelsOf(String lease) {
        return prefix + ":{presence}:channels:" + lease;
    }

    /** Stream: what other programs want to have broadcast. */
    String ingest() {
        return prefix + ":{ingest}";
    }

    /** Stream: what could not be broadcast, with the reason. */
    String ingestDead() {
        return prefix + ":{ingest}:dead";
    }

    /** String: the node that consumes the ingest stream. */
    String ingestLease() {
        return prefix + ":{ingest}:lease";
    }

    private String of(String channel) {
        return prefix + ":{" + channel + "}:";
    }
}

package io.broadcastsocket.broker.cluster;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * A set of channels that a node wants, with a number for each change of it.
 *
 * <p>Event loop only; pure. Two nodes that have the same version and checksum of a set have the same set.
 */
final class Interest {
    private final Set<String> channels = new HashSet<>();
    private long version;
    private long checksum;

    long version() {
        return version;
    }

    long checksum() {
        return checksum;
    }

    int size() {
        return channels.size();
    }

    boolean has(String channel) {
        return channels.contains(channel);
    }

    Collection<String> all() {
        return Set.copyOf(channels);
    }

    /** Adds it as the next change; false when it was there. */
    boolean add(String channel) {
        if (!channels.add(channel)) {
            return false;
        }
        version++;
        checksum += mix(channel);
        return true;
    }

    /** Removes it as the next change; false when it was not there. */
    boolean remove(String channel) {
        if (!channels.remove(channel)) {
            return false;
        }
        version++;
        checksum -= mix(channel);
        return true;
    }

    /** Becomes what the other node had at a version. */
    void set(long otherVersion, Collection<String> all) {
        channels.clear();
        checksum = 0;
        all.forEach(this::add);
        version = otherVersion;
    }

    /** Takes part in the other node's changes up to a version. */
    void change(long otherVersion, Collection<String> added, Collection<String> removed) {
        removed.forEach(this::remove);
        added.forEach(this::add);
        version = otherVersion;
    }

    /** Spreads similar names over all bits (the finalizer of MurmurHash3). */
    private static long mix(String channel) {
        long hash = channel.hashCode() * 0x9E3779B97F4A7C15L;
        hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
        hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return hash ^ (hash >>> 33);
    }
}

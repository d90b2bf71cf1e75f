package io.broadcastsocket.broker.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.impl.MemberImpl;
import com.hazelcast.version.MemberVersion;
import java.net.InetAddress;
import java.util.UUID;

/** Members that do not run. */
final class FakeMember {
    private FakeMember() {}

    /** One life of the member at an address. */
    static Member at(int port) {
        return new MemberImpl(
                new Address(InetAddress.getLoopbackAddress(), port), MemberVersion.UNKNOWN, false, UUID.randomUUID());
    }
}

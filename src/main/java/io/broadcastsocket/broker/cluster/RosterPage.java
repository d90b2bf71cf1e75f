package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.broadcastsocket.model.PresencePage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A page of members on its way to who asked.
 *
 * <p>Immutable after it was read; thread-safe.
 */
final class RosterPage implements IdentifiedDataSerializable {
    private PresencePage page;

    /** For Hazelcast. */
    RosterPage() {}

    RosterPage(PresencePage page) {
        this.page = page;
    }

    PresencePage page() {
        return page;
    }

    @Override
    public int getFactoryId() {
        return Types.FACTORY;
    }

    @Override
    public int getClassId() {
        return Types.ROSTER_PAGE;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeLong(page.count());
        out.writeString(page.next().orElse(null));
        out.writeInt(page.members().size());
        for (PresencePage.Member member : page.members()) {
            out.writeString(member.clientId());
            out.writeString(member.info());
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        long count = in.readLong();
        Optional<String> next = Optional.ofNullable(in.readString());
        List<PresencePage.Member> members = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            members.add(new PresencePage.Member(in.readString(), in.readString()));
        }
        page = new PresencePage(count, members, next);
    }
}

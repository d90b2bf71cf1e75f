package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.broadcastsocket.model.Draft;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Publications of one channel that a node appends in one step.
 *
 * @param producer id of the node's life
 * @param number greater than that of any earlier batch of this producer: a batch that comes again, or late, is known by it
 */
record Batch(String producer, long number, List<Item> items) {
    /**
     * One publication.
     *
     * @param identity only a publisher's own id is remembered
     * @param withheldFrom id of the client that must not receive it, or null
     */
    record Item(String messageId, Draft.Identity identity, String withheldFrom, byte[] data) {
        static Item of(Draft draft) {
            return new Item(draft.messageId(), draft.identity(), draft.withheldFrom(), draft.data());
        }

        boolean isIdempotent() {
            return identity == Draft.Identity.PUBLISHER;
        }
    }

    Batch {
        items = List.copyOf(items);
    }

    void write(ObjectDataOutput out) throws IOException {
        out.writeString(producer);
        out.writeLong(number);
        out.writeInt(items.size());
        for (Item item : items) {
            out.writeString(item.messageId());
            out.writeBoolean(item.isIdempotent());
            out.writeString(item.withheldFrom());
            out.writeByteArray(item.data());
        }
    }

    static Batch read(ObjectDataInput in) throws IOException {
        String producer = in.readString();
        long number = in.readLong();
        int size = in.readInt();
        List<Item> items = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            items.add(new Item(
                    in.readString(),
                    in.readBoolean() ? Draft.Identity.PUBLISHER : Draft.Identity.SERVER,
                    in.readString(),
                    in.readByteArray()));
        }
        return new Batch(producer, number, items);
    }
}

package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.model.Position;

/**
 * Appends to the copy what was appended to the owner's log.
 *
 * <p>Confined to the thread of the partition.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class AppendCopy extends BatchCopy {
    /** For Hazelcast. */
    AppendCopy() {}

    /**
     * @param fresh the owner had no log
     * @param owner where the owner's log stood before
     */
    AppendCopy(boolean fresh, Position owner, Batch batch, Terms terms) {
        super(fresh, owner, batch, terms);
    }

    @Override
    void carryOut(String channel, ChannelLog log, Batch batch, Terms terms) {
        log.append(batch, terms);
    }

    @Override
    public int getClassId() {
        return Types.APPEND_COPY;
    }
}

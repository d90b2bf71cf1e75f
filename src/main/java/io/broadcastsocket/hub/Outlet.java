package io.broadcastsocket.hub;

import io.broadcastsocket.model.Gap;
import io.netty.buffer.ByteBuf;

/**
 * What the hub needs of a connection.
 *
 * <p>Called on the shard's loop only.
 */
public interface Outlet {
    /** Public id of the client behind it; publications withheld from this client are left out. */
    String clientId();

    /** Whether it takes more now; when it becomes true again, {@link HubShard#writable} must be called. */
    boolean isWritable();

    /**
     * Writes publications without flushing.
     *
     * @param frames complete frames with consecutive offsets; the callee releases it
     * @param first offset of the first
     */
    void write(String channel, ByteBuf frames, long first);

    /** Sends what was written. */
    void flush();

    /**
     * Writes publications and flushes: the path of nearly every delivery, which an outlet may shorten.
     *
     * @param frames as for {@link #write}, but they stay the caller's
     */
    default void send(String channel, ByteBuf frames, long first) {
        write(channel, frames.retainedDuplicate(), first);
        flush();
    }

    /** Tells the client what it will not get, in order with what was written. */
    void announce(Gap gap);

    /** The client has not taken anything for longer than the limit. */
    void tooSlow();
}

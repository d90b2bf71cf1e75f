package io.broadcastsocket.testing;

import io.broadcastsocket.hub.Outlet;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.protocol.TextFrames;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** A connection that records what is written to it: offsets, gaps, and how often. */
public final class FakeOutlet implements Outlet {
    private final String clientId;
    private final List<String> received = new ArrayList<>();
    private boolean writable = true;
    private int flushes;
    private int writes;
    private boolean tooSlow;

    public FakeOutlet(String clientId) {
        this.clientId = clientId;
    }

    /** What came, such as {@code a:1} for the first of channel a, and {@code gap a:2-4 trimmed}. */
    public List<String> received() {
        return received;
    }

    public int flushes() {
        return flushes;
    }

    public int writes() {
        return writes;
    }

    public boolean wasTooSlow() {
        return tooSlow;
    }

    public void setWritable(boolean value) {
        writable = value;
    }

    @Override
    public String clientId() {
        return clientId;
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void write(String channel, ByteBuf frames, long first) {
        writes++;
        long[] offset = {first};
        TextFrames.forEach(frames, text -> received.add(channel + ":" + offset[0]++));
        frames.release();
    }

    @Override
    public void flush() {
        flushes++;
    }

    @Override
    public void announce(Gap gap) {
        received.add("gap " + gap.channel() + ":" + gap.from() + "-" + gap.to() + " "
                + gap.reason().code());
    }

    @Override
    public void tooSlow() {
        tooSlow = true;
    }
}

package io.broadcastsocket.session;

import io.broadcastsocket.hub.Outlet;
import io.broadcastsocket.protocol.CloseCode;
import io.broadcastsocket.protocol.Dialect;
import io.broadcastsocket.protocol.TextFrames;
import io.broadcastsocket.testing.FakeOutlet;
import io.netty.buffer.Unpooled;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A connection that records what its client is told. */
final class FakePeer implements Peer {
    private final FakeOutlet outlet = new FakeOutlet("peer");
    private final List<JsonObject> told = new ArrayList<>();
    private final ClientSession session;
    private CloseCode closed;

    /** A client that connects, as the session with this token. */
    FakePeer(SessionServices services, Optional<String> token) {
        session = new ClientSession(services, this, Set.of("*"));
        session.open(token);
    }

    ClientSession session() {
        return session;
    }

    /** Why the server has ended it; null as long as it has not. */
    CloseCode closed() {
        return closed;
    }

    /** Acks, errors and so on, in order; publications are not among them. */
    List<JsonObject> told() {
        return told;
    }

    JsonObject last() {
        return told.get(told.size() - 1);
    }

    void say(String json) {
        session.received(json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void send(byte[] frame) {
        TextFrames.forEach(Unpooled.wrappedBuffer(frame), text -> told.add(new JsonObject(text)));
    }

    @Override
    public void close(CloseCode code) {
        if (closed == null) {
            closed = code;
            session.closed();
        }
    }

    @Override
    public void pauseReading() {}

    @Override
    public void resumeReading() {}

    @Override
    public Dialect dialect() {
        return Dialect.V1;
    }

    @Override
    public String addressKey() {
        return "address";
    }

    @Override
    public Outlet outlet() {
        return outlet;
    }
}

package io.broadcastsocket.testing;

import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.protocol.PublicationEncoder;
import java.nio.charset.StandardCharsets;

/** Publications for tests. */
public final class Publications {
    private Publications() {}

    /** A publication whose data is its offset. */
    public static Publication at(String channel, String epoch, long offset) {
        return at(channel, epoch, offset, Long.toString(offset), 0);
    }

    public static Publication at(String channel, String epoch, long offset, String data, long timestamp) {
        byte[] json = data.getBytes(StandardCharsets.UTF_8);
        Draft draft = new Draft(channel, json, "m" + offset, Draft.Identity.SERVER, null);
        return PublicationEncoder.encode(draft, new Position(epoch, offset), timestamp);
    }
}

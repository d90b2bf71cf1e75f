package io.broadcastsocket.protocol;

import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import java.util.List;
import java.util.Optional;

/** A page of history as a JSON document; the data of each publication byte for byte. */
public final class HistoryDocument {
    private HistoryDocument() {}

    public static byte[] encode(String channel, List<Publication> publications, Position top, Optional<Gap> gap) {
        return JsonFrame.document(json -> {
            json.writeStringField("channel", channel);
            Replies.history(json, publications, top, gap.orElse(null));
        });
    }
}

package io.broadcastsocket.protocol;

import io.broadcastsocket.model.PresencePage;

/** A page of a channel's members as a JSON document; the info of each byte for byte. */
public final class PresenceDocument {
    private PresenceDocument() {}

    public static byte[] encode(String channel, PresencePage page) {
        return JsonFrame.document(json -> {
            json.writeStringField("channel", channel);
            Replies.presence(json, page);
        });
    }
}

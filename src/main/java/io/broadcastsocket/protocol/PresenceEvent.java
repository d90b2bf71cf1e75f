package io.broadcastsocket.protocol;

import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.Draft;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What happens to the members of a channel, and how it stands in the log of the channel's presence: the message id begins with
 * the word for it, the data say who.
 */
public enum PresenceEvent {
    /** A client is a member now, or says something else about itself. */
    JOIN,
    /** A client is no longer a member. */
    LEAVE;

    private final String word = name().toLowerCase(Locale.ROOT);
    private final byte[] head = ("{\"type\":\"" + word + "\",\"channel\":\"").getBytes(StandardCharsets.ISO_8859_1);

    /** The event for the log. */
    public Draft draft(String channel, String clientId, String info) {
        String data = "{\"clientId\":\"" + clientId + "\",\"info\":" + info + "}";
        return new Draft(
                ChannelName.presence(channel),
                data.getBytes(StandardCharsets.UTF_8),
                word,
                Draft.Identity.SERVER,
                null);
    }

    /** The event with this id in the log. */
    static PresenceEvent of(String messageId) {
        return messageId.startsWith(LEAVE.word) ? LEAVE : JOIN;
    }

    /** How the frame's text begins, up to the name of the channel. */
    byte[] head() {
        return head;
    }
}

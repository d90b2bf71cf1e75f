package io.broadcastsocket.protocol;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import java.nio.charset.StandardCharsets;

/**
 * Encodes a publication, once for all its subscribers, into the frame that carries it.
 *
 * <p>Thread-safe. The order of fields is fixed: {@code type channel data messageId offset timestamp}. What the log of a
 * presence holds becomes {@code join} and {@code leave}, which have no {@code messageId}.
 */
public final class PublicationEncoder {
    private static final byte[] NOTHING = {};
    private static final byte[] BEFORE_CHANNEL = ascii("{\"type\":\"message\",\"channel\":\"");
    private static final byte[] BEFORE_DATA = ascii("\",\"data\":");
    private static final byte[] BEFORE_ID = ascii(",\"messageId\":\"");
    private static final byte[] AFTER_ID = ascii("\"");
    private static final byte[] BEFORE_OFFSET = ascii(",\"offset\":");
    private static final byte[] BEFORE_TIMESTAMP = ascii(",\"timestamp\":");

    private PublicationEncoder() {}

    /** @param timestamp milliseconds since 1970 */
    public static Publication encode(Draft draft, Position position, long timestamp) {
        if (ChannelName.isPresence(draft.channel())) {
            byte[] head = PresenceEvent.of(draft.messageId()).head();
            byte[] channel = ascii(ChannelName.ofPresence(draft.channel()));
            return encode(draft, position, timestamp, head, channel, NOTHING, NOTHING, NOTHING);
        }
        byte[] messageId = JsonStringEncoder.getInstance().quoteAsUTF8(draft.messageId());
        return encode(
                draft, position, timestamp, BEFORE_CHANNEL, ascii(draft.channel()), BEFORE_ID, messageId, AFTER_ID);
    }

    private static Publication encode(
            Draft draft,
            Position position,
            long timestamp,
            byte[] head,
            byte[] channel,
            byte[] beforeId,
            byte[] messageId,
            byte[] afterId) {
        byte[] offset = ascii(Long.toString(position.offset()));
        byte[] time = ascii(Long.toString(timestamp));
        byte[] data = draft.data();
        int beforeData = head.length + channel.length + BEFORE_DATA.length;
        int payload = beforeData
                + data.length
                + beforeId.length
                + messageId.length
                + afterId.length
                + BEFORE_OFFSET.length
                + offset.length
                + BEFORE_TIMESTAMP.length
                + time.length
                + 1;
        byte[] frame = new byte[FrameHeader.length(payload) + payload];
        int start = FrameHeader.writeText(frame, 0, payload);
        int at = put(frame, start, head);
        at = put(frame, at, channel);
        at = put(frame, at, BEFORE_DATA);
        at = put(frame, at, data);
        at = put(frame, at, beforeId);
        at = put(frame, at, messageId);
        at = put(frame, at, afterId);
        at = put(frame, at, BEFORE_OFFSET);
        at = put(frame, at, offset);
        at = put(frame, at, BEFORE_TIMESTAMP);
        at = put(frame, at, time);
        frame[at] = '}';
        return new Publication(
                draft.channel(),
                position,
                draft.messageId(),
                timestamp,
                draft.withheldFrom(),
                frame,
                start + beforeData,
                data.length);
    }

    private static int put(byte[] target, int at, byte[] source) {
        System.arraycopy(source, 0, target, at, source.length);
        return at + source.length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}

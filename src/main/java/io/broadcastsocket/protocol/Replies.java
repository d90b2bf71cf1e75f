package io.broadcastsocket.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.PresencePage;
import io.broadcastsocket.model.Publication;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * The frames that the server sends besides publications; each method gives a complete frame.
 *
 * <p>Thread-safe. {@code messageId} may be null and is then left out. Timestamps are milliseconds since 1970.
 */
public final class Replies {
    /**
     * What became of one subscription.
     *
     * @param position where delivery begins: the next publication has the offset after it
     * @param recovered everything asked for will be delivered
     * @param redelivered how many of the next publications the client may have seen already
     */
    public record Subscribed(String channel, Position position, boolean recovered, long redelivered) {}

    /** A channel that could not be subscribed to. */
    public record Refused(String channel, ErrorCode code, String message) {}

    /** What the server tells a client when it connects; times in milliseconds, sizes in bytes. */
    public record Welcome(
            String clientId,
            String session,
            boolean resumed,
            String nodeId,
            long heartbeatMs,
            int maxMessageBytes,
            int maxChannels,
            long spreadMs,
            long sessionTtlMs,
            List<Subscribed> subscriptions) {}

    private Replies() {}

    public static byte[] welcome(Welcome welcome, long timestamp) {
        return ack(null, null, timestamp, json -> {
            json.writeStringField("clientId", welcome.clientId());
            json.writeStringField("session", welcome.session());
            json.writeBooleanField("resumed", welcome.resumed());
            json.writeStringField("node", welcome.nodeId());
            json.writeNumberField("heartbeatMs", welcome.heartbeatMs());
            json.writeNumberField("maxMessageBytes", welcome.maxMessageBytes());
            json.writeNumberField("maxChannels", welcome.maxChannels());
            json.writeNumberField("spreadMs", welcome.spreadMs());
            json.writeNumberField("sessionTtlMs", welcome.sessionTtlMs());
            subscriptions(json, welcome.subscriptions());
        });
    }

    public static byte[] subscribed(String messageId, Subscribed subscribed, long timestamp) {
        return ack(messageId, subscribed.channel(), timestamp, json -> subscription(json, subscribed));
    }

    /** @param presence who was in the channel once their pushes were in effect */
    public static byte[] subscribed(String messageId, Subscribed subscribed, PresencePage presence, long timestamp) {
        return ack(messageId, subscribed.channel(), timestamp, json -> {
            subscription(json, subscribed);
            json.writeObjectFieldStart("presence");
            presence(json, presence);
            json.writeEndObject();
        });
    }

    public static byte[] unsubscribed(String messageId, String channel, long timestamp) {
        return ack(messageId, channel, timestamp, json -> {});
    }

    public static byte[] accepted(Accepted accepted, long timestamp) {
        return ack(accepted.messageId(), accepted.channel(), timestamp, json -> {
            position(json, accepted.position());
            json.writeStringField("durability", accepted.durability().code());
            json.writeBooleanField("duplicate", accepted.duplicate());
        });
    }

    public static byte[] resumed(
            String messageId,
            String clientId,
            String session,
            Collection<Subscribed> subscribed,
            Collection<Refused> refused,
            long timestamp) {
        return ack(messageId, null, timestamp, json -> {
            json.writeStringField("clientId", clientId);
            json.writeStringField("session", session);
            subscriptions(json, subscribed);
            if (!refused.isEmpty()) {
                json.writeObjectFieldStart("refused");
                for (Refused channel : refused) {
                    json.writeObjectFieldStart(channel.channel());
                    json.writeStringField("code", channel.code().code());
                    json.writeStringField("message", channel.message());
                    json.writeEndObject();
                }
                json.writeEndObject();
            }
        });
    }

    /** @param gap what lies before the first publication and can no longer be read, or null */
    public static byte[] history(
            String messageId, String channel, List<Publication> publications, Position top, Gap gap, long timestamp) {
        return ack(messageId, channel, timestamp, json -> history(json, publications, top, gap));
    }

    public static byte[] presence(String messageId, String channel, PresencePage page, long timestamp) {
        return ack(messageId, channel, timestamp, json -> presence(json, page));
    }

    public static byte[] error(String messageId, ErrorCode code, String message, long timestamp) {
        return error(messageId, null, timestamp, json -> {
            json.writeStringField("code", code.code());
            json.writeStringField("message", message);
        });
    }

    /** @param retryAfterMs when the same command may be sent again */
    public static byte[] error(String messageId, ErrorCode code, String message, long retryAfterMs, long timestamp) {
        return error(messageId, null, timestamp, json -> {
            json.writeStringField("code", code.code());
            json.writeStringField("message", message);
            json.writeNumberField("retryAfterMs", retryAfterMs);
        });
    }

    public static byte[] ping(long timestamp) {
        return JsonFrame.of(json -> {
            json.writeStringField("type", "ping");
            json.writeNumberField("timestamp", timestamp);
        });
    }

    /** @param spreadMs within how many milliseconds the clients of this node should connect elsewhere */
    public static byte[] drain(long spreadMs, long deadlineMs, long timestamp) {
        return JsonFrame.of(json -> {
            json.writeStringField("type", "drain");
            json.writeObjectFieldStart("data");
            json.writeNumberField("spreadMs", spreadMs);
            json.writeNumberField("deadlineMs", deadlineMs);
            json.writeEndObject();
            json.writeNumberField("timestamp", timestamp);
        });
    }

    static void history(JsonGenerator json, List<Publication> publications, Position top, Gap gap) throws IOException {
        position(json, top);
        json.writeArrayFieldStart("publications");
        for (Publication publication : publications) {
            json.writeStartObject();
            publication(json, publication);
            json.writeEndObject();
        }
        json.writeEndArray();
        if (gap != null) {
            json.writeObjectFieldStart("gap");
            gap(json, gap);
            json.writeEndObject();
        }
    }

    static void presence(JsonGenerator json, PresencePage page) throws IOException {
        json.writeNumberField("count", page.count());
        json.writeArrayFieldStart("members");
        for (PresencePage.Member member : page.members()) {
            json.writeStartObject();
            json.writeStringField("clientId", member.clientId());
            json.writeFieldName("info");
            json.writeRawValue(member.info());
            json.writeEndObject();
        }
        json.writeEndArray();
        if (page.next().isPresent()) {
            json.writeStringField("next", page.next().get());
        }
    }

    /** A gap in the joins and leaves of a channel names the channel itself, and says what it is about. */
    static byte[] gap(Gap gap, long timestamp) {
        boolean ofPresence = ChannelName.isPresence(gap.channel());
        return JsonFrame.of(json -> {
            json.writeStringField("type", "gap");
            json.writeStringField("channel", ofPresence ? ChannelName.ofPresence(gap.channel()) : gap.channel());
            json.writeObjectFieldStart("data");
            if (ofPresence) {
                json.writeBooleanField("presence", true);
            }
            gap(json, gap);
            json.writeEndObject();
            json.writeNumberField("timestamp", timestamp);
        });
    }

    static byte[] gapAsError(Gap gap, long timestamp) {
        return error(null, gap.channel(), timestamp, json -> {
            json.writeStringField("code", ErrorCode.GAP.code());
            json.writeStringField("message", "publications of this channel were lost to this connection");
            gap(json, gap);
        });
    }

    private static byte[] ack(String messageId, String channel, long timestamp, JsonFrame.Fields data) {
        return reply("ack", messageId, channel, timestamp, data);
    }

    private static byte[] error(String messageId, String channel, long timestamp, JsonFrame.Fields data) {
        return reply("error", messageId, channel, timestamp, data);
    }

    private static byte[] reply(String type, String messageId, String channel, long timestamp, JsonFrame.Fields data) {
        return JsonFrame.of(json -> {
            json.writeStringField("type", type);
            if (channel != null) {
                json.writeStringField("channel", channel);
            }
            if (messageId != null) {
                json.writeStringField("messageId", messageId);
            }
            json.writeObjectFieldStart("data");
            data.write(json);
            json.writeEndObject();
            json.writeNumberField("timestamp", timestamp);
        });
    }

    private static void subscriptions(JsonGenerator json, Collection<Subscribed> subscriptions) throws IOException {
        json.writeObjectFieldStart("subscriptions");
        for (Subscribed subscribed : subscriptions) {
            json.writeObjectFieldStart(subscribed.channel());
            subscription(json, subscribed);
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void subscription(JsonGenerator json, Subscribed subscribed) throws IOException {
        position(json, subscribed.position());
        json.writeBooleanField("recovered", subscribed.recovered());
        if (subscribed.redelivered() > 0) {
            json.writeNumberField("redelivered", subscribed.redelivered());
        }
    }

    private static void position(JsonGenerator json, Position position) throws IOException {
        json.writeStringField("epoch", position.epoch());
        json.writeNumberField("offset", position.offset());
    }

    private static void gap(JsonGenerator json, Gap gap) throws IOException {
        json.writeNumberField("from", gap.from());
        json.writeNumberField("to", gap.to());
        json.writeStringField("reason", gap.reason().code());
        json.writeStringField("epoch", gap.next().epoch());
        json.writeNumberField("offset", gap.next().offset());
    }

    private static void publication(JsonGenerator json, Publication publication) throws IOException {
        json.writeNumberField("offset", publication.offset());
        json.writeStringField("messageId", publication.messageId());
        json.writeNumberField("timestamp", publication.timestamp());
        json.writeFieldName("data");
        JsonFrame.raw(json, publication.frame(), publication.dataStart(), publication.dataLength());
    }
}

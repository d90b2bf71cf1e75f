package io.broadcastsocket.broker.cluster;

import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.protocol.PublicationEncoder;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What one node sends another in one tick: its id, a number, and publications that were appended.
 *
 * <pre>
 * envelope     text node · int64 number · publication …
 * publication  text channel · text epoch · int64 offset · int64 time · text messageId · text withheldFrom · int32 bytes · data
 * text         int16 bytes · UTF-8
 * </pre>
 *
 * <p>Numbers are big-endian. Confined to one reading.
 */
final class Envelope {
    private final Buffer buffer;
    private int at;

    private Envelope(Buffer buffer) {
        this.buffer = buffer;
    }

    /** Begins an envelope. */
    static Buffer begin(String node, long number) {
        return text(Buffer.buffer(4096), node).appendLong(number);
    }

    /** Encodes a publication, once for all nodes that get it. */
    static Buffer encode(Publication publication) {
        Buffer record = Buffer.buffer(publication.dataLength() + 256);
        text(record, publication.channel());
        text(record, publication.epoch());
        record.appendLong(publication.offset()).appendLong(publication.timestamp());
        text(record, publication.messageId());
        text(record, publication.withheld().orElse(""));
        byte[] data = Arrays.copyOfRange(
                publication.frame(), publication.dataStart(), publication.dataStart() + publication.dataLength());
        return record.appendInt(data.length).appendBytes(data);
    }

    /** Begins to read an envelope. */
    static Envelope of(Buffer buffer) {
        return new Envelope(buffer);
    }

    /** The node it comes from; first. */
    String node() {
        return text();
    }

    /** Its number; after the node. */
    long number() {
        return int64();
    }

    /** Reads what is left, in order; only publications of these channels are made. */
    void forEach(Predicate<String> wanted, Consumer<Publication> taker) {
        while (at < buffer.length()) {
            String channel = text();
            String epoch = text();
            long offset = int64();
            long time = int64();
            String messageId = text();
            String withheldFrom = text();
            int length = buffer.getInt(at);
            int start = at + 4;
            at = start + length;
            if (wanted.test(channel)) {
                Draft draft = new Draft(
                        channel,
                        buffer.getBytes(start, at),
                        messageId,
                        Draft.Identity.PUBLISHER,
                        withheldFrom.isEmpty() ? null : withheldFrom);
                taker.accept(PublicationEncoder.encode(draft, new Position(epoch, offset), time));
            }
        }
    }

    private static Buffer text(Buffer buffer, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return buffer.appendUnsignedShort(bytes.length).appendBytes(bytes);
    }

    private String text() {
        int length = buffer.getUnsignedShort(at);
        int start = at + 2;
        at = start + length;
        return buffer.getString(start, at);
    }

    private long int64() {
        at += 8;
        return buffer.getLong(at - 8);
    }
}

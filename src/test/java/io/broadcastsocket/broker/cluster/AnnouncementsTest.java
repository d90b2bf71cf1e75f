package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.protocol.PublicationEncoder;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {
    private int missed;
    private final Announcements announcements = new Announcements(() -> missed++);
    private final List<Publication> heard = new ArrayList<>();

    AnnouncementsTest() {
        announcements.add("a", heard::add);
        announcements.sentUpTo("n", 0);
        missed = 0;
    }

    @Test
    void beforeItsFirstEnvelopeANodeMayHaveHadNobodyToTell() {
        announcements.joined("m");
        announcements.receive(Envelope.begin("m", 1));
        assertThat(missed).isEqualTo(1);
        announcements.joined("n");
        announcements.sentUpTo("n", 0);
        assertThat(missed).isEqualTo(2);
        assertThat(announcements.lost()).isZero();
        announcements.sentUpTo("n", 0);
        assertThat(missed).isEqualTo(2);
    }

    @Test
    void whatANodeSentBeforeItLeftIsForgotten() {
        announcements.receive(envelope(1));
        announcements.retain(List.of("m"));
        announcements.receive(envelope(2));
        assertThat(missed).isEqualTo(1);
    }

    @Test
    void aPublicationArrivesAsItWasSent() {
        Publication sent = publication("a", 7, "ä-id", "client");
        announcements.receive(envelope(1, sent));
        Publication got = heard.get(0);
        assertThat(got.position()).isEqualTo(sent.position());
        assertThat(got.messageId()).isEqualTo("ä-id");
        assertThat(got.withheld()).contains("client");
        assertThat(got.frame()).isEqualTo(sent.frame());
        assertThat(missed).isZero();
    }

    @Test
    void whatNobodyListensToIsLeftOut() {
        announcements.receive(envelope(
                1, publication("b", 1, "x", null), publication("a", 1, "y", null), publication("b", 2, "z", null)));
        assertThat(heard).extracting(Publication::messageId).containsExactly("y");
    }

    @Test
    void aMissingEnvelopeIsNoticed() {
        announcements.receive(envelope(1));
        announcements.receive(envelope(2));
        assertThat(missed).isZero();
        announcements.receive(envelope(4));
        assertThat(missed).isEqualTo(1);
        announcements.receive(envelope(5));
        assertThat(missed).isEqualTo(1);
    }

    @Test
    void aMissingFirstEnvelopeIsNoticed() {
        announcements.receive(envelope(2));
        assertThat(missed).isEqualTo(1);
    }

    @Test
    void aMissingLastEnvelopeIsNoticedByTheDigest() {
        announcements.receive(envelope(1));
        announcements.sentUpTo("n", 1);
        assertThat(missed).isZero();
        announcements.sentUpTo("n", 2);
        assertThat(missed).isEqualTo(1);
        announcements.sentUpTo("n", 2);
        assertThat(missed).isEqualTo(1);
    }

    @Test
    void aNodeThatIsGoneMayHaveHadMoreToTell() {
        announcements.receive(envelope(1));
        announcements.left("n");
        assertThat(missed).isEqualTo(1);
    }

    private static Buffer envelope(long number, Publication... publications) {
        Buffer envelope = Envelope.begin("n", number);
        for (Publication publication : publications) {
            envelope.appendBuffer(Envelope.encode(publication));
        }
        return envelope;
    }

    private static Publication publication(String channel, long offset, String id, String withheldFrom) {
        byte[] data = "{\"n\":1.0e400}".getBytes(StandardCharsets.UTF_8);
        return PublicationEncoder.encode(
                new Draft(channel, data, id, Draft.Identity.PUBLISHER, withheldFrom), new Position("e", offset), 5);
    }
}

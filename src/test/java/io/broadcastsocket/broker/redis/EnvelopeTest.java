package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
    private static Publication decode(String payload) {
        return Envelope.decode("news", payload.getBytes(StandardCharsets.UTF_8));
    }

    private static String data(Publication publication) {
        return new String(
                publication.frame(), publication.dataStart(), publication.dataLength(), StandardCharsets.UTF_8);
    }

    @Test
    void carriesAPublication() {
        Publication publication = decode("e.1 17 1767225600000 3 2 müc1{\"a b\": 1}");
        assertThat(publication.channel()).isEqualTo("news");
        assertThat(publication.position()).isEqualTo(new Position("e.1", 17));
        assertThat(publication.timestamp()).isEqualTo(1767225600000L);
        assertThat(publication.messageId()).isEqualTo("mü");
        assertThat(publication.withheld()).contains("c1");
        assertThat(data(publication)).isEqualTo("{\"a b\": 1}");
    }

    @Test
    void mayBeWithheldFromNobody() {
        assertThat(decode("e 1 0 1 0 m1").withheld()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "x",
                "      ",
                "{\"type\": \"message\"}",
                "e 1 1 1 0",
                "e 1 1 1 0 ",
                "e 1 1 1 0 m",
                " 1 1 1 0 m1",
                "e 0 1 1 0 m1",
                "e -1 1 1 0 m1",
                "e 1 -1 1 0 m1",
                "e 1 1 -1 0 m1",
                "e 1 1 1 -1 m1",
                "e 1 1 9 0 m1",
                "e 1 1 1 9 m1",
                "e 1.5 1 1 0 m1",
                "e +1 1 1 0 m1",
                "e  1 1 1 0 m1",
                "e 9999999999999999999 1 1 0 m1",
                "e 1 1 999999999999999999 999999999999999999 m1"
            })
    void whatIsNotOursIsNothing(String payload) {
        assertThat(decode(payload)).isNull();
    }

    @Test
    void noPayloadMakesItFail() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] alphabet = "e 0123456789 \n-{}\u00ff".getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 20_000; i++) {
            byte[] payload = new byte[random.nextInt(40)];
            for (int at = 0; at < payload.length; at++) {
                payload[at] = alphabet[random.nextInt(alphabet.length)];
            }
            try {
                Envelope.decode("news", payload);
            } catch (RuntimeException failure) {
                throw new AssertionError(
                        "seed " + seed + ": " + new String(payload, StandardCharsets.ISO_8859_1), failure);
            }
        }
    }
}

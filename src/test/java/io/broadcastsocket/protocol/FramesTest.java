package io.broadcastsocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, 30, 31, 32, 33, 34, 60, 200, 65_000, 65_440, 65_441, 65_442, 65_443, 65_444, 65_445, 70_000})
    void aPublicationIsOneFrameWithItsDataInside(int length) {
        byte[] data = ("\"" + "x".repeat(length) + "\"").getBytes(StandardCharsets.UTF_8);
        Publication publication = encode("c", data, "id\"\\\u0001\u00e9");
        List<String> texts = read(publication.frame());
        assertThat(texts).hasSize(1);
        JsonObject json = new JsonObject(texts.get(0));
        assertThat(json.getString("data")).hasSize(length);
        assertThat(json.getString("messageId")).isEqualTo("id\"\\\u0001\u00e9");
        assertThat(json.getLong("offset")).isEqualTo(7);
        assertThat(json.getLong("timestamp")).isEqualTo(99);
        byte[] inside = Arrays.copyOfRange(
                publication.frame(), publication.dataStart(), publication.dataStart() + publication.dataLength());
        assertThat(inside).isEqualTo(data);
    }

    @Test
    void framesInOneBufferAreReadOneByOne() {
        ByteBuf both = Unpooled.wrappedBuffer(
                encode("a", "1".getBytes(StandardCharsets.UTF_8), "m").frame(), Replies.ping(5));
        List<String> texts = new ArrayList<>();
        TextFrames.forEach(both, texts::add);
        assertThat(texts).hasSize(2);
        assertThat(texts.get(1)).isEqualTo("{\"type\":\"ping\",\"timestamp\":5}");
    }

    @Test
    void aGapIsAnErrorToPlainClientsAndAGapToOthers() {
        Gap gap = new Gap("c", 3, 5, Gap.Reason.TRIMMED, new Position("e", 5));
        JsonObject plain = new JsonObject(read(Dialect.PLAIN.gap(gap, 1)).get(0));
        JsonObject v1 = new JsonObject(read(Dialect.V1.gap(gap, 1)).get(0));
        assertThat(plain.getString("type")).isEqualTo("error");
        assertThat(plain.getJsonObject("data").getString("code")).isEqualTo("gap");
        assertThat(v1.getString("type")).isEqualTo("gap");
        for (JsonObject message : List.of(plain, v1)) {
            JsonObject data = message.getJsonObject("data");
            assertThat(data.getLong("from")).isEqualTo(3);
            assertThat(data.getLong("to")).isEqualTo(5);
            assertThat(data.getString("reason")).isEqualTo("trimmed");
            assertThat(data.getString("epoch")).isEqualTo("e");
        }
    }

    @Test
    void theRangeOfACloseCodeTellsWhetherToReconnect() {
        assertThat(Arrays.stream(CloseCode.values()).filter(CloseCode::reconnect))
                .containsExactly(
                        CloseCode.INTERNAL_ERROR,
                        CloseCode.SERVICE_RESTART,
                        CloseCode.TRY_AGAIN_LATER,
                        CloseCode.HEARTBEAT_TIMEOUT,
                        CloseCode.SLOW_CONSUMER,
                        CloseCode.IDLE);
    }

    private static Publication encode(String channel, byte[] data, String messageId) {
        Draft draft = new Draft(channel, data, messageId, Draft.Identity.PUBLISHER, null);
        return PublicationEncoder.encode(draft, new Position("e", 7), 99);
    }

    private static List<String> read(byte[] frame) {
        List<String> texts = new ArrayList<>();
        TextFrames.forEach(Unpooled.wrappedBuffer(frame), texts::add);
        return texts;
    }
}

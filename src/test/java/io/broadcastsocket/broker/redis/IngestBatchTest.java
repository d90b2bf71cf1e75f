package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.BrokerUnavailable;
import io.broadcastsocket.model.Accepted;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class IngestBatchTest {
    private static final int MAX_DATA = 100;

    private final List<Draft> appended = new ArrayList<>();
    private final List<Promise<Accepted>> answers = new ArrayList<>();
    private boolean holder = true;

    @Test
    void ofEachChannelOneIsUnderWayAtATime() {
        Future<IngestBatch.Outcome> outcome = publish(entry("1", "a"), entry("2", "a"), entry("3", "b"));
        assertThat(appended).extracting(Draft::messageId).containsExactly("1", "3");
        accept(0);
        assertThat(appended).extracting(Draft::messageId).containsExactly("1", "3", "2");
        accept(1);
        accept(2);
        assertThat(outcome.result().done()).containsExactly("1", "3", "2");
        assertThat(outcome.result().failure()).isNull();
    }

    @Test
    void afterAFailureNoOtherOfItsChannelIsTried() {
        Future<IngestBatch.Outcome> outcome = publish(entry("1", "a"), entry("2", "a"), entry("3", "b"));
        answers.get(0).fail(new BrokerUnavailable("away", 1, null));
        accept(1);
        assertThat(appended).hasSize(2);
        assertThat(outcome.result().done()).containsExactly("3");
        assertThat(outcome.result().dead()).isEmpty();
        assertThat(outcome.result().failure()).hasMessage("away");
    }

    @Test
    void aNodeWithoutTheLeaseAppendsNoMore() {
        Future<IngestBatch.Outcome> outcome = publish(entry("1", "a"), entry("2", "a"));
        holder = false;
        accept(0);
        assertThat(appended).hasSize(1);
        assertThat(outcome.result().done()).containsExactly("1");
        assertThat(outcome.result().failure()).isNotNull();
    }

    @Test
    void aChannelWhoseKeyIsForeignHoldsUpNobody() {
        Future<IngestBatch.Outcome> outcome = publish(entry("1", "a"), entry("2", "a"));
        RedisFailure foreign = RedisFailure.of(new IllegalStateException("WRONGTYPE Operation against a key"));
        answers.get(0).fail(new BrokerUnavailable(foreign.getMessage(), 1, foreign));
        accept(1);
        assertThat(outcome.result().dead()).singleElement().satisfies(dead -> assertThat(dead.reason())
                .startsWith("unavailable: a key of ours holds"));
        assertThat(outcome.result().done()).containsExactly("2");
        assertThat(outcome.result().failure()).isNull();
    }

    @Test
    void whatCannotBeBroadcastIsDeadWithItsReason() {
        Future<IngestBatch.Outcome> outcome = publish(
                new IngestEntry("1", null, bytes("1"), null),
                new IngestEntry("2", bytes("a"), null, null),
                new IngestEntry("3", bytes("a b"), bytes("1"), null),
                new IngestEntry("4", bytes("a"), bytes("{"), null),
                new IngestEntry("5", bytes("a"), bytes("1 2"), null),
                new IngestEntry("6", bytes("a"), bytes(" "), null),
                new IngestEntry("7", bytes("a"), bytes("[".repeat(65) + "]".repeat(35)), null),
                new IngestEntry("8", bytes("a"), bytes("1".repeat(MAX_DATA + 1)), null),
                new IngestEntry("9", bytes("a"), bytes("1"), bytes("x".repeat(129))),
                new IngestEntry("10", bytes("a"), bytes("1"), bytes("")),
                new IngestEntry("11", bytes("a"), new byte[] {'"', (byte) 0xC3, '"'}, null),
                new IngestEntry("12", bytes("a"), bytes("1"), new byte[] {(byte) 0xFF}));
        assertThat(appended).isEmpty();
        assertThat(outcome.result().dead())
                .extracting(IngestBatch.Dead::reason)
                .containsExactly(
                        "invalid-request: \"channel\" is missing",
                        "invalid-request: \"data\" is missing",
                        "invalid-channel: a channel name has 1 to 200 characters out of A-Z a-z 0-9 _-.:/@#=+~,",
                        "invalid-json: \"data\" is not valid JSON, or nested deeper than 64",
                        "invalid-json: \"data\" must be one JSON document",
                        "invalid-json: \"data\" must be one JSON document",
                        "invalid-json: \"data\" is not valid JSON, or nested deeper than 64",
                        "message-too-large: \"data\" has more than 100 bytes",
                        "invalid-request: the id must have 1 to 128 characters",
                        "invalid-request: the id must have 1 to 128 characters",
                        "invalid-json: \"data\" is not valid UTF-8",
                        "invalid-request: \"id\" is not valid UTF-8");
    }

    @Test
    void dataGoesOnByteForByteWithoutTheSpaceAroundIt() {
        publish(new IngestEntry("1", bytes("*"), bytes(" { \"a\" : 1.0 }\n"), bytes("mine")));
        assertThat(appended).singleElement().satisfies(draft -> {
            assertThat(draft.data()).isEqualTo(bytes("{ \"a\" : 1.0 }"));
            assertThat(draft.messageId()).isEqualTo("mine");
            assertThat(draft.identity()).isEqualTo(Draft.Identity.PUBLISHER);
        });
    }

    private Future<IngestBatch.Outcome> publish(IngestEntry... entries) {
        return new IngestBatch(MAX_DATA, this::append, () -> holder).publish(Arrays.asList(entries));
    }

    private Future<Accepted> append(Draft draft) {
        appended.add(draft);
        answers.add(Promise.promise());
        return answers.get(answers.size() - 1).future();
    }

    private void accept(int index) {
        Draft draft = appended.get(index);
        answers.get(index)
                .complete(new Accepted(
                        draft.channel(),
                        draft.messageId(),
                        new Position("e", index + 1),
                        Accepted.Durability.REDIS,
                        Accepted.Outcome.APPENDED));
    }

    private static IngestEntry entry(String id, String channel) {
        return new IngestEntry(id, bytes(channel), bytes("1"), null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

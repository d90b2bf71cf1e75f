package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerInterestsTest {
    private final PeerInterests interests = new PeerInterests();
    private final Interest theirs = new Interest();

    @Test
    void aNodeThatHasNotToldWantsEverything() {
        assertThat(interests.wants("n", "a")).isTrue();
    }

    @Test
    void theWholeSetAndChangesOfItAreTaken() {
        theirs.add("a");
        assertThat(tellAll()).isEqualTo(1);
        assertThat(interests.wants("n", "a")).isTrue();
        assertThat(interests.wants("n", "b")).isFalse();
        theirs.add("b");
        theirs.remove("a");
        assertThat(tell(1, JsonArray.of("b"), JsonArray.of("a"))).isEqualTo(3);
        assertThat(interests.wants("n", "a")).isFalse();
        assertThat(interests.wants("n", "b")).isTrue();
        assertThat(interests.knows("n", theirs.version(), theirs.checksum())).isTrue();
    }

    @Test
    void aChangeThatDoesNotFollowIsRefusedAndUntilAllIsToldEverythingIsWanted() {
        theirs.add("a");
        tellAll();
        theirs.add("b");
        theirs.add("c");
        assertThat(tell(2, JsonArray.of("c"), new JsonArray())).isEqualTo(-1);
        assertThat(interests.wants("n", "anything")).isTrue();
        assertThat(tellAll()).isEqualTo(3);
        assertThat(interests.wants("n", "anything")).isFalse();
    }

    @Test
    void aSetThatDiffersIsForgotten() {
        theirs.add("a");
        tellAll();
        assertThat(interests.knows("n", 1, theirs.checksum() + 1)).isFalse();
        assertThat(interests.wants("n", "b")).isTrue();
    }

    @Test
    void aNodeThatHasLeftIsForgotten() {
        theirs.add("a");
        tellAll();
        interests.left("n");
        assertThat(interests.wants("n", "b")).isTrue();
    }

    @Test
    void whatANodeToldBeforeItLeftIsForgotten() {
        theirs.add("a");
        tellAll();
        interests.retain(List.of("n"));
        assertThat(interests.wants("n", "b")).isFalse();
        interests.retain(List.of("m"));
        assertThat(interests.wants("n", "b")).isTrue();
    }

    @Test
    void equalSetsHaveEqualChecksumsHoweverTheyCameAbout() {
        Interest other = new Interest();
        theirs.add("a");
        theirs.add("b");
        other.add("b");
        other.add("x");
        other.remove("x");
        other.add("a");
        assertThat(other.checksum()).isEqualTo(theirs.checksum());
        theirs.remove("a");
        assertThat(other.checksum()).isNotEqualTo(theirs.checksum());
    }

    private long tellAll() {
        return told(
                new JsonObject().put("version", theirs.version()).put("all", new JsonArray(List.copyOf(theirs.all()))));
    }

    private long tell(long base, JsonArray add, JsonArray remove) {
        return told(new JsonObject()
                .put("version", theirs.version())
                .put("base", base)
                .put("add", add)
                .put("remove", remove));
    }

    private long told(JsonObject question) {
        return interests.told(question.put("from", "n")).getLong("version");
    }
}

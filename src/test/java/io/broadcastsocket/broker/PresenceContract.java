package io.broadcastsocket.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.PresenceStore.Change;
import io.broadcastsocket.model.ChannelName;
import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.PresencePage;
import io.broadcastsocket.model.PresencePage.Member;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.model.Visit;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every adapter of {@link PresenceStore} must do; the numbers are those of its obligations. Those about what nodes and
 * stores can lose are in {@link PresenceOverNodesContract}.
 */
public abstract class PresenceContract {
    private static final int DEADLINE_SECONDS = 20;

    /** The store on one node. */
    protected abstract PresenceStore store();

    /** The store on another node; the same where there is only one. */
    protected abstract PresenceStore other();

    /** The log that it tells; with histories of at least 1000 publications. */
    protected abstract Broker log();

    @Test
    void obligation1EnteringMakesAMemberOrChangesItsInfo() {
        assertThat(enter("a", "ann", 1, "1")).isEqualTo(Change.JOINED);
        assertThat(enter("a", "ann", 1, "1")).isEqualTo(Change.NONE);
        assertThat(enter("a", "ann", 1, "2")).isEqualTo(Change.CHANGED);
        assertThat(members("a")).containsExactly(new Member("ann", "2"));
        assertThat(members("b")).isEmpty();
    }

    @Test
    void obligation1ALaterVisitTakesOverFromAnEarlierOneOnWhateverNode() {
        enter("a", "ann", 1, "1");
        assertThat(await(other().enter("a", new Visit("ann", 2), "1"))).isEqualTo(Change.MOVED);
        assertThat(enter("a", "ann", 3, "1")).isEqualTo(Change.MOVED);
        assertThat(await(other().enter("a", new Visit("ann", 4), "2"))).isEqualTo(Change.CHANGED);
        assertThat(members("a")).containsExactly(new Member("ann", "2"));
    }

    @Test
    void obligation1AnEarlierVisitChangesNothing() {
        enter("a", "ann", 2, "2");
        assertThat(enter("a", "ann", 1, "1")).isEqualTo(Change.NONE);
        assertThat(await(other().enter("a", new Visit("ann", 1), "1"))).isEqualTo(Change.NONE);
        assertThat(members("a")).containsExactly(new Member("ann", "2"));
    }

    @Test
    void obligation1InfoIsKeptByteForByte() {
        String info = "{ \"ü\" : [1.0e400,\n\"\\ud800 😀\"] }";
        enter("a", "ann", 1, info);
        assertThat(members("a")).containsExactly(new Member("ann", info));
        assertThat(told("a")).containsExactly("join ann " + info);
    }

    @Test
    void obligation2LeavingEndsTheMembershipOfThisVisitOnly() {
        enter("a", "ann", 1, "1");
        await(other().enter("a", new Visit("ann", 2), "1"));
        assertThat(leave("a", "ann", 1)).isFalse();
        assertThat(members("a")).hasSize(1);
        assertThat(await(other().leave("a", new Visit("ann", 2)))).isTrue();
        assertThat(await(other().leave("a", new Visit("ann", 2)))).isFalse();
        assertThat(leave("a", "nobody", 1)).isFalse();
        assertThat(members("a")).isEmpty();
    }

    @Test
    void obligation3WhatChangesIsToldOnceAndInOrder() {
        enter("a", "ann", 1, "1");
        enter("a", "ann", 1, "1");
        await(other().enter("a", new Visit("ann", 2), "1"));
        leave("a", "ann", 1);
        await(other().enter("a", new Visit("ann", 2), "2"));
        await(other().leave("a", new Visit("ann", 2)));
        await(other().leave("a", new Visit("ann", 2)));
        assertThat(told("a")).containsExactly("join ann 1", "join ann 2", "leave ann 2");
        assertThat(told("b")).isEmpty();
    }

    @Test
    void obligation3WhatIsToldOfOneClientIsInOrderWhoeverChangesIt() {
        Random random = new Random(7);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            PresenceStore node = random.nextBoolean() ? store() : other();
            Visit visit = new Visit("client-" + random.nextInt(4), 1 + random.nextInt(1 + i));
            all.add(
                    random.nextInt(3) == 0
                            ? node.leave("a", visit)
                            : node.enter("a", visit, Integer.toString(random.nextInt(2))));
        }
        all.forEach(PresenceContract::await);
        Map<String, String> replayed = new TreeMap<>();
        for (String event : told("a")) {
            String[] words = event.split(" ");
            String before = words[0].equals("join") ? replayed.put(words[1], words[2]) : replayed.remove(words[1]);
            assertThat(before).as(event).isNotEqualTo(words[0].equals("join") ? words[2] : null);
        }
        assertThat(members("a"))
                .containsExactlyElementsOf(replayed.entrySet().stream()
                        .map(entry -> new Member(entry.getKey(), entry.getValue()))
                        .toList());
    }

    @Test
    void obligation4APageAndWhatIsToldAfterItMissNobody() {
        List<Future<Change>> joining = IntStream.range(0, 300)
                .mapToObj(i -> (i % 2 == 0 ? store() : other()).enter("a", new Visit("client-" + i, 1), "1"))
                .toList();
        Position before = await(log().tops(List.of(ChannelName.presence("a")))).get(ChannelName.presence("a"));
        PresencePage page = await(store().page("a", "", 1000));
        joining.forEach(PresenceContract::await);
        List<String> seen =
                new ArrayList<>(page.members().stream().map(Member::clientId).toList());
        toldAfter("a", before).forEach(event -> seen.add(event.split(" ")[1]));
        assertThat(seen)
                .contains(IntStream.range(0, 300).mapToObj(i -> "client-" + i).toArray(String[]::new));
    }

    @Test
    void obligation4PagesAreInOrderAndLeadToTheEnd() {
        IntStream.range(0, 25)
                .mapToObj(i -> enterLater("a", String.format("c%02d", i)))
                .toList()
                .forEach(PresenceContract::await);
        List<String> seen = new ArrayList<>();
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            PresencePage page = await(store().page("a", next.get(), 10));
            assertThat(page.count()).isEqualTo(25);
            page.members().forEach(member -> seen.add(member.clientId()));
            next = page.next();
        }
        assertThat(seen)
                .containsExactlyElementsOf(IntStream.range(0, 25)
                        .mapToObj(i -> String.format("c%02d", i))
                        .toList());
        assertThat(await(store().page("a", "c09", 15)).next()).isEmpty();
        assertThat(await(store().page("a", "zzz", 15)).members()).isEmpty();
    }

    @Test
    void obligation4APageIsCutWhereItGetsLarge() {
        String info = "\"" + "x".repeat(60_000) + "\"";
        for (int i = 0; i < 6; i++) {
            enter("a", "c" + i, 1, info);
        }
        PresencePage page = await(store().page("a", "", 100));
        assertThat(page.count()).isEqualTo(6);
        assertThat(page.members()).hasSize(4);
        assertThat(page.next()).contains("c3");
    }

    @Test
    void obligation5OnlyTheCountCanBeAskedFor() {
        IntStream.range(0, 2000)
                .mapToObj(i -> enterLater("a", "c" + i))
                .toList()
                .forEach(PresenceContract::await);
        assertThat(await(other().page("a", "", 0))).isEqualTo(new PresencePage(2000, List.of(), Optional.empty()));
    }

    /** What was told of a channel since the beginning, as {@code join ann 1}. */
    protected List<String> told(String channel) {
        String presence = ChannelName.presence(channel);
        return toldAfter(
                channel, await(log().tops(List.of(presence))).get(presence).at(0));
    }

    private List<String> toldAfter(String channel, Position after) {
        List<String> told = new ArrayList<>();
        Position at = after;
        while (true) {
            ReadResult.Page page = (ReadResult.Page) await(log().read(ChannelName.presence(channel), at, 100));
            if (page.publications().isEmpty()) {
                return told;
            }
            page.publications().forEach(publication -> told.add(event(channel, publication)));
            at = page.publications().get(page.publications().size() - 1).position();
        }
    }

    /** The frame is what subscribers get. */
    private static String event(String channel, Publication publication) {
        int start = publication.frame()[1] < 126 ? 2 : 4;
        String frame =
                new String(publication.frame(), start, publication.frame().length - start, StandardCharsets.UTF_8);
        JsonObject json = new JsonObject(frame.replaceAll("1\\.0e400", "1"));
        assertThat(json.getString("channel")).isEqualTo(channel);
        assertThat(json.fieldNames()).containsExactly("type", "channel", "data", "offset", "timestamp");
        String client = json.getJsonObject("data").getString("clientId");
        String data = new String(
                publication.frame(), publication.dataStart(), publication.dataLength(), StandardCharsets.UTF_8);
        String info = data.substring(data.indexOf("\"info\":") + 7, data.length() - 1);
        return json.getString("type") + " " + client + " " + info;
    }

    protected List<Member> members(String channel) {
        return await(store().page(channel, "", 1000)).members();
    }

    protected Change enter(String channel, String client, long visit, String info) {
        return await(store().enter(channel, new Visit(client, visit), info));
    }

    private Future<Change> enterLater(String channel, String client) {
        return store().enter(channel, new Visit(client, 1), "1");
    }

    protected boolean leave(String channel, String client, long visit) {
        return await(store().leave(channel, new Visit(client, visit)));
    }

    protected static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }
}

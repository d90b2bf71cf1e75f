package io.broadcastsocket.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.broadcastsocket.model.PresencePage.Member;
import io.broadcastsocket.model.Visit;
import java.time.Duration;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What an adapter of {@link PresenceStore} must do besides, that has several nodes or something behind them. */
public abstract class PresenceOverNodesContract extends PresenceContract {
    private static final int DEADLINE_SECONDS = 20;

    /** Kills the other node without a word, and tells how long its members may remain. */
    protected abstract Duration killOther();

    /** Stops the other node in order, and tells how long its members may remain. */
    protected abstract Duration stopOther();

    /** Loses all members behind the nodes' backs. */
    protected abstract void loseEverything();

    /** Takes away what the nodes need. */
    protected abstract void makeUnavailable();

    @Test
    void obligation6TheMembersOfADeadNodeLeaveOnceEach() {
        for (int i = 0; i < 30; i++) {
            await(other().enter("a", new Visit("dead-" + i, 1), "1"));
            await(other().enter("b-" + i, new Visit("dead", 1), "1"));
        }
        await(other().enter("a", new Visit("moved", 1), "1"));
        enter("a", "moved", 2, "1");
        Duration within = killOther();
        Awaitility.await().atMost(within).untilAsserted(() -> {
            assertThat(members("a")).containsExactly(new Member("moved", "1"));
            for (int i = 0; i < 30; i++) {
                assertThat(members("b-" + i)).isEmpty();
            }
        });
        assertThat(told("a").stream().filter(event -> event.startsWith("leave")))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 30)
                        .mapToObj(i -> "leave dead-" + i + " 1")
                        .toList());
        assertThat(told("b-7")).containsExactly("join dead 1", "leave dead 1");
    }

    @Test
    void obligation6TheMembersOfANodeThatStopsLeaveUnlessTheyHaveMoved() {
        await(other().enter("a", new Visit("gone", 1), "1"));
        await(other().enter("a", new Visit("moved", 1), "1"));
        Duration within = stopOther();
        enter("a", "moved", 2, "1");
        Awaitility.await().atMost(within).untilAsserted(() -> assertThat(members("a"))
                .containsExactly(new Member("moved", "1")));
        assertThat(told("a")).containsExactly("join gone 1", "join moved 1", "leave gone 1");
    }

    @Test
    void obligation7WhatWasLostIsEnteredAgain() {
        enter("a", "ann", 1, "1");
        enter("b", "bob", 1, "1");
        enter("a", "left", 1, "1");
        leave("a", "left", 1);
        await(other().enter("a", new Visit("cat", 1), "1"));
        loseEverything();
        Awaitility.await().atMost(Duration.ofSeconds(DEADLINE_SECONDS)).untilAsserted(() -> {
            assertThat(members("a")).containsExactly(new Member("ann", "1"), new Member("cat", "1"));
            assertThat(members("b")).containsExactly(new Member("bob", "1"));
        });
        assertThat(leave("a", "ann", 1)).isTrue();
    }

    @Test
    void obligation8WithoutWhatIsBehindItEverythingIsUnavailable() {
        enter("a", "ann", 1, "1");
        makeUnavailable();
        assertThatThrownBy(() -> enter("a", "bob", 1, "1")).hasCauseInstanceOf(BrokerUnavailable.class);
        assertThatThrownBy(() -> leave("a", "ann", 1)).hasCauseInstanceOf(BrokerUnavailable.class);
        assertThatThrownBy(() -> members("a")).hasCauseInstanceOf(BrokerUnavailable.class);
    }
}

package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.PresenceStore.Change;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RosterTest {
    private static final String PRESENCE = "$presence.room";

    private final Roster roster = new Roster();
    private final List<Batch.Item> told = new ArrayList<>();

    @Test
    void aVisitThatHasEndedIsNotBroughtBackByANodeThatDoesNotKnowYet() {
        enter("ann", 1, "one");
        enter("ann", 2, "two");
        roster.apply(PRESENCE, RosterChange.leave("ann", 2), told);
        assertThat(enter("ann", 1, "one")).isEqualTo(Change.NONE);
        assertThat(enter("ann", 2, "two")).isEqualTo(Change.NONE);
        assertThat(told).hasSize(2);
        assertThat(enter("ann", 3, "one")).isEqualTo(Change.JOINED);
    }

    @Test
    void aSweepLeavesTheMembersOfNodesThatAreThereByThen() {
        enter("ann", 1, "one");
        enter("bob", 1, "two");
        enter("cat", 1, "gone");
        RosterChange sweep = RosterChange.sweep(List.of("one")).sparing(List.of("two"));
        assertThat(roster.apply(PRESENCE, sweep, told)).isEqualTo(1);
        assertThat(roster.page("", 10).members())
                .extracting(member -> member.clientId())
                .containsExactly("ann", "bob");
    }

    private Change enter(String client, long visit, String node) {
        return Change.values()[roster.apply(PRESENCE, RosterChange.enter(client, visit, "1", node), told)];
    }
}

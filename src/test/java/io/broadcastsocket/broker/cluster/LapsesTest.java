package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LapsesTest {
    private final Member one = FakeMember.at(1);
    private final Member two = FakeMember.at(2);
    private final Member three = FakeMember.at(3);
    private Set<Member> present = Set.of(one, two, three);
    private final Lapses lapses = new Lapses(this::present, 2);
    private long before;

    @BeforeEach
    void look() {
        before = lapses.count();
    }

    @Test
    void aMemberThatIsReplacedIsNoLapse() {
        present = Set.of(one, two);
        assertThat(lapses.count()).isEqualTo(before);
        present = Set.of(one, two, FakeMember.at(3));
        assertThat(lapses.count()).isEqualTo(before);
    }

    @Test
    void fewerThanTheQuorumAreALapse() {
        present = Set.of(one);
        assertThat(lapses.count()).isGreaterThan(before);
    }

    @Test
    void aLapseThatNobodyHasSeenIsOneToo() {
        present = Set.of(one, FakeMember.at(2));
        assertThat(lapses.count()).isGreaterThan(before);
    }

    @Test
    void allThatAreReplacedOneByOneAreNoLapseForWhoLooksInBetween() {
        present = Set.of(two, three);
        lapses.look();
        Member otherOne = FakeMember.at(1);
        present = Set.of(otherOne, two, three);
        lapses.look();
        present = Set.of(otherOne, three);
        lapses.look();
        present = Set.of(otherOne, FakeMember.at(2), three);
        assertThat(lapses.count()).isEqualTo(before);
    }

    @Test
    void aMemberThatStartsAgainAfterASplitComparesWithThoseBefore() {
        Set<Member> others = Set.of(FakeMember.at(1), two, three);
        present = null;
        assertThat(lapses.count()).isEqualTo(before);
        present = others;
        assertThat(lapses.count()).as("two have stayed").isEqualTo(before);
        present = null;
        lapses.look();
        present = Set.of(FakeMember.at(1), FakeMember.at(2), three);
        assertThat(lapses.count()).isGreaterThan(before);
    }

    private Set<Member> present() {
        if (present == null) {
            throw new HazelcastInstanceNotActiveException();
        }
        return present;
    }
}

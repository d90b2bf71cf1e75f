package io.broadcastsocket.verify.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RangesTest {
    private final Ranges ranges = new Ranges();

    private List<Long> members() {
        return LongStream.rangeClosed(0, 12).filter(ranges::contains).boxed().toList();
    }

    @Test
    void rangesMayOverlapAndEncloseOthers() {
        ranges.add(3, 4);
        ranges.add(8, 8);
        ranges.add(2, 9);
        ranges.add(1, 0);
        assertThat(members()).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void oneOffsetIsTakenOutOfTheMiddle() {
        ranges.add(2, 5);
        assertThat(ranges.remove(3)).isTrue();
        assertThat(ranges.remove(3)).isFalse();
        assertThat(ranges.remove(9)).isFalse();
        assertThat(members()).containsExactly(2L, 4L, 5L);
    }

    @Test
    void whatWasTakenOutCanComeBack() {
        ranges.add(2, 3);
        ranges.remove(2);
        ranges.remove(3);
        assertThat(members()).isEmpty();
        ranges.add(3, 3);
        assertThat(members()).containsExactly(3L);
    }

    @Test
    void theFirstNumberThatIsInIsFound() {
        ranges.add(2, 3);
        ranges.add(7, 9);
        assertThat(ranges.firstOf(new TreeSet<>(List.of(1L, 4L, 8L, 9L)))).contains(8L);
        assertThat(ranges.firstOf(new TreeSet<>(List.of(1L, 4L, 10L)))).isEmpty();
    }
}

package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Position;
import io.broadcastsocket.model.Publication;
import io.broadcastsocket.testing.Publications;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WindowTest {
    private final Window window = new Window(run("e", 5, 9), 9, 0);

    private static List<Publication> run(String epoch, long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(offset -> Publications.at("news", epoch, offset))
                .toList();
    }

    private List<Long> offsetsAfter(long offset, int limit) {
        return window.after(new Position("e", offset), limit).stream()
                .map(Publication::offset)
                .toList();
    }

    @Test
    void servesThoseWhoStandInIt() {
        assertThat(window.serves(new Position("e", 4))).isTrue();
        assertThat(window.serves(new Position("e", 8))).isTrue();
        assertThat(offsetsAfter(4, 10)).containsExactly(5L, 6L, 7L, 8L, 9L);
        assertThat(offsetsAfter(6, 2)).containsExactly(7L, 8L);
    }

    @Test
    void doesNotServeTheOthers() {
        assertThat(window.serves(new Position("e", 3))).isFalse();
        assertThat(window.serves(new Position("e", 9))).isFalse();
        assertThat(window.serves(new Position("e", 99))).isFalse();
        assertThat(window.serves(new Position("f", 6))).isFalse();
    }

    @Test
    void growsByWhatIsAnnounced() {
        long before = window.bytes();
        window.announced(Publications.at("news", "e", 10));
        assertThat(offsetsAfter(8, 10)).containsExactly(9L, 10L);
        assertThat(window.top()).isEqualTo(new Position("e", 10));
        assertThat(window.bytes()).isGreaterThan(before);
    }

    @Test
    void knowsOfWhatItMissedButDoesNotHaveIt() {
        window.announced(Publications.at("news", "e", 12));
        assertThat(window.top()).isEqualTo(new Position("e", 12));
        assertThat(window.last()).isEqualTo(new Position("e", 9));
        assertThat(window.serves(new Position("e", 10))).isFalse();
    }

    @Test
    void takesNothingTwiceAndNothingOfAnotherEpoch() {
        window.announced(Publications.at("news", "e", 9));
        window.announced(Publications.at("news", "f", 10));
        assertThat(window.top()).isEqualTo(new Position("e", 9));
        assertThat(offsetsAfter(4, 10)).hasSize(5);
    }
}

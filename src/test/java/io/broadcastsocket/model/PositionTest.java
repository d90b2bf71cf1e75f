package io.broadcastsocket.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PositionTest {
    private final Position position = new Position("e", 5);

    @Test
    void atKeepsTheEpoch() {
        assertThat(position.at(9)).isEqualTo(new Position("e", 9));
    }

    @Test
    void offsetsCompareWithinAnEpochOnly() {
        assertThat(position.sameEpoch(new Position("e", 7))).isTrue();
        assertThat(position.sameEpoch(new Position("f", 5))).isFalse();
    }

    @Test
    void negativeOffsetsAreRefused() {
        assertThat(position.at(0).offset()).isZero();
        assertThatThrownBy(() -> position.at(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anOffsetWithoutASuccessorIsRefused() {
        assertThat(position.at(Long.MAX_VALUE - 1).offset() + 1).isPositive();
        assertThatThrownBy(() -> position.at(Long.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
    }
}

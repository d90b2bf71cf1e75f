package io.broadcastsocket.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.SessionSnapshot.Cursor;
import org.junit.jupiter.api.Test;

class SessionSnapshotTest {
    private final Cursor cursor = new Cursor(new Position("e", 5), 7);

    @Test
    void whatAnEarlierConnectionMayHaveGotIsNotForgotten() {
        assertThat(cursor.reaching(new Position("e", 9)).written()).isEqualTo(9);
        assertThat(cursor.reaching(new Position("e", 6))).isEqualTo(cursor);
        assertThat(cursor.reaching(new Position("other", 9))).isEqualTo(cursor);
        assertThat(cursor.reaching(null)).isEqualTo(cursor);
    }
}

package io.broadcastsocket.broker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.testing.ManualClock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemorySessionStoreTest {
    private final ManualClock clock = new ManualClock();
    private final MemorySessionStore store = new MemorySessionStore(1000, 3, clock);

    @Test
    void aSessionIsTakenOnce() {
        save("t");
        assertThat(take("t")).isPresent();
        assertThat(take("t")).isEmpty();
    }

    @Test
    void aSessionIsGoneAfterItsTime() {
        save("t");
        clock.advance(999);
        assertThat(take("t")).isPresent();
        save("t");
        clock.advance(1000);
        assertThat(take("t")).isEmpty();
        assertThat(store.size()).isZero();
    }

    @Test
    void beyondTheLimitTheLongestAbsentIsForgotten() {
        save("a");
        save("b");
        save("a");
        save("c");
        save("d");
        assertThat(take("b")).isEmpty();
        assertThat(take("a")).isPresent();
        assertThat(take("c")).isPresent();
        assertThat(take("d")).isPresent();
    }

    private void save(String token) {
        store.save(new SessionSnapshot(token, "client", Map.of()));
    }

    private Optional<SessionSnapshot> take(String token) {
        return store.take(token, () -> true).result();
    }
}

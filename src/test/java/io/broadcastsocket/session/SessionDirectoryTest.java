package io.broadcastsocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.bus.LocalBus;
import io.broadcastsocket.model.SessionSnapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionDirectoryTest {
    /** A session that is stored between the first and the second look. */
    private static final class LateStore implements SessionStore {
        private int looks;

        @Override
        public Future<Void> save(SessionSnapshot session) {
            throw new AssertionError("nothing is saved here");
        }

        @Override
        public Future<Optional<SessionSnapshot>> take(String token) {
            return Future.succeededFuture(
                    looks++ == 0 ? Optional.empty() : Optional.of(new SessionSnapshot(token, "client", Map.of())));
        }
    }

    @Test
    void aSessionThatIsStoredWhileTheOthersAreAskedIsFound() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            SessionDirectory directory = new SessionDirectory(
                    new LateStore(), new LocalBus(vertx).register(), worker -> "sessions." + worker, 0, 1);
            Optional<SessionSnapshot> found = directory.takeOver("token").await(5, TimeUnit.SECONDS);
            assertThat(found).map(SessionSnapshot::clientId).contains("client");
        } finally {
            vertx.close().await(5, TimeUnit.SECONDS);
        }
    }
}

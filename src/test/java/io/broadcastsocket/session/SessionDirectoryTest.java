package io.broadcastsocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.bus.LocalBus;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.model.SessionTurn;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class SessionDirectoryTest {
    /** A session that is stored while the other workers are asked. */
    private static final class LateStore implements SessionStore {
        private boolean stored;

        @Override
        public Future<Void> save(SessionSnapshot session) {
            throw new AssertionError("nothing is saved here");
        }

        @Override
        public Future<Optional<SessionSnapshot>> take(String token, BooleanSupplier isWanted) {
            return Future.succeededFuture(
                    stored ? Optional.of(new SessionSnapshot(token, "client", Map.of())) : Optional.empty());
        }
    }

    @Test
    void aSessionThatIsStoredWhileTheOthersAreAskedIsFound() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            LocalBus bus = new LocalBus(vertx).register();
            LateStore store = new LateStore();
            bus.<SessionTurn>consume("sessions.1", asked -> {
                store.stored = true;
                bus.reply(asked, Optional.empty());
            });
            SessionDirectory directory = new SessionDirectory(store, bus, worker -> "sessions." + worker, 0, 2);
            Optional<SessionSnapshot> found =
                    directory.takeOver("token", () -> true).await(5, TimeUnit.SECONDS);
            assertThat(found).map(SessionSnapshot::clientId).contains("client");
        } finally {
            vertx.close().await(5, TimeUnit.SECONDS);
        }
    }
}

package io.broadcastsocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.PresenceStore;
import io.broadcastsocket.model.PresencePage;
import io.broadcastsocket.model.Visit;
import io.broadcastsocket.testing.ManualClock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LingeringTest {
    private static final long LINGER_MS = 1000;

    private final ManualClock clock = new ManualClock();
    private final Queue<Promise<Boolean>> unanswered = new ArrayDeque<>();
    private int leaves;

    private Lingering lingering(Supplier<Future<Boolean>> answer) {
        return new Lingering(
                new PresenceStore() {
                    @Override
                    public Future<Change> enter(String channel, Visit visit, String info) {
                        throw new AssertionError("nobody enters");
                    }

                    @Override
                    public Future<Boolean> leave(String channel, Visit visit) {
                        leaves++;
                        return answer.get();
                    }

                    @Override
                    public Future<PresencePage> page(String channel, String after, int limit) {
                        throw new AssertionError("nobody reads");
                    }
                },
                LINGER_MS,
                clock);
    }

    private Future<Boolean> later() {
        Promise<Boolean> answer = Promise.promise();
        unanswered.add(answer);
        return answer.future();
    }

    private static void lose(Lingering lingering, int clients) {
        IntStream.range(0, clients).forEach(i -> lingering.lost("a", new Visit("client-" + i, 1)));
    }

    @Test
    void aVisitEndsOnlyAfterItHasLingered() {
        Lingering lingering = lingering(this::later);
        lose(lingering, 1);
        clock.advance(LINGER_MS - 1);
        lingering.expire();
        assertThat(leaves).isZero();
        clock.advance(1);
        lingering.expire();
        assertThat(leaves).isEqualTo(1);
        assertThat(lingering.size()).isZero();
    }

    @Test
    void endsThatAreTooManyAtOnceGoOnAsTheOthersAreDone() {
        Lingering lingering = lingering(this::later);
        lose(lingering, 1200);
        clock.advance(LINGER_MS);
        lingering.expire();
        int atOnce = leaves;
        assertThat(atOnce).isBetween(1, 1199);
        for (int done = 1; done <= 1200; done++) {
            unanswered.remove().complete(true);
            assertThat(leaves).isEqualTo(Math.min(1200, atOnce + done));
        }
        assertThat(lingering.size()).isZero();
    }

    @Test
    void manyEndsOfAStoreThatAnswersAtOnceNeedNoStack() {
        Lingering lingering = lingering(() -> leaves <= 499 ? later() : Future.succeededFuture(true));
        lose(lingering, 100_000);
        clock.advance(LINGER_MS);
        lingering.expire();
        assertThat(leaves).isEqualTo(100_000);
    }

    @Test
    void anEndThatFailedIsTriedAgain() {
        Lingering lingering = lingering(this::later);
        lose(lingering, 1);
        clock.advance(LINGER_MS);
        lingering.expire();
        unanswered.remove().fail("away");
        lingering.expire();
        assertThat(leaves).isEqualTo(1);
        clock.advance(1000);
        lingering.expire();
        assertThat(leaves).isEqualTo(2);
    }
}

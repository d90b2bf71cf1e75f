package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One other node, whose answers the test gives. */
class OwnInterestTest {
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final AtomicInteger missed = new AtomicInteger();
    private volatile boolean answers = true;
    private OwnInterest interest;

    @BeforeEach
    void open() {
        PeerBus bus = new PeerBus(vertx, "this");
        PeerBus other = new PeerBus(vertx, "other");
        interest = new OwnInterest(vertx, context, bus, 1000, missed::incrementAndGet);
        onLoop(() -> {
            other.answer(
                    OwnInterest.QUESTION,
                    question -> answers
                            ? Future.succeededFuture(new JsonObject().put("version", question.getLong("version")))
                            : Promise.<JsonObject>promise().future());
            interest.joined("other");
            return other.open();
        });
        want("known");
        Awaitility.await().until(() -> onLoop(() -> Future.succeededFuture(interest.isTold("other"))));
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void whatANodeKnowsInTimeNeedsNoLook() {
        want("a");
        assertThat(missed).hasValue(0);
    }

    @Test
    void aNodeThatHearsOfAChannelTooLateMayHaveHadSomethingToAnnounce() {
        answers = false;
        want("a");
        assertThat(missed).as("nothing has changed yet").hasValue(0);
        Awaitility.await().until(() -> onLoop(() -> Future.succeededFuture(interest.isTold("other"))));
        onLoop(() -> {
            interest.known("other", interest.set().version());
            return Future.succeededFuture();
        });
        assertThat(missed).hasValue(1);
    }

    @Test
    void aNodeThatHadAnotherSetMayHaveAnnouncedTooLittle() {
        onLoop(() -> {
            interest.forgotten("other");
            return Future.succeededFuture();
        });
        assertThat(missed).hasValue(1);
    }

    @Test
    void aNodeThatIsJustBeingToldIsNotAskedWhatItKnows() {
        answers = false;
        boolean isTold = onLoop(() -> {
            interest.want("a");
            return Future.succeededFuture(interest.isTold("other"));
        });
        assertThat(isTold).isFalse();
    }

    private void want(String channel) {
        onLoop(() -> interest.want(channel));
    }

    private <T> T onLoop(Callable<Future<T>> work) {
        Promise<T> result = Promise.promise();
        context.runOnContext(there -> {
            try {
                work.call().onComplete(result::handle);
            } catch (Exception e) {
                result.fail(e);
            }
        });
        try {
            return result.future().await(10, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}

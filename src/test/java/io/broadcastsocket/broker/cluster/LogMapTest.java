package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When an answer of Hazelcast counts. */
class LogMapTest {
    private static final Member ONE = fake(Member.class, (proxy, method, args) -> identity("one", proxy, method, args));
    private static final Member TWO = fake(Member.class, (proxy, method, args) -> identity("two", proxy, method, args));
    private static final Member THREE =
            fake(Member.class, (proxy, method, args) -> identity("three", proxy, method, args));

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final List<CompletableFuture<String>> asked = new ArrayList<>();
    private volatile Set<Member> members = Set.of(ONE, TWO, THREE);
    private LogMap logs;

    @BeforeEach
    void open() {
        Cluster cluster = fake(Cluster.class, (proxy, method, args) -> members);
        IMap<?, ?> map = fake(IMap.class, (proxy, method, args) -> {
            CompletableFuture<String> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        });
        HazelcastInstance hazelcast = fake(
                HazelcastInstance.class,
                (proxy, method, args) -> method.getName().equals("getMap") ? map : cluster);
        logs = new LogMap(vertx, context, hazelcast, 1000);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void anAnswerCountsWhenNobodyHasLeft() {
        Future<String> answer = ask();
        answer(0, "a");
        Awaitility.await().until(answer::succeeded);
        assertThat(answer.result()).isEqualTo("a");
    }

    @Test
    void anAnswerIsWorthNothingWhenSomebodyHasLeftSinceTheQuestion() {
        Future<String> answer = ask();
        members = Set.of(ONE, TWO);
        answer(0, "a");
        Awaitility.await().until(answer::failed);
        assertThat(answer.cause()).isInstanceOf(NotServing.class);
    }

    @Test
    void afterADepartureAStepIsTakenOnceMoreAndTheFirstAnswerCounts() {
        settle();
        members = Set.of(ONE, TWO);
        Future<String> answer = ask();
        answer(1, "shown first");
        Awaitility.await().until(() -> onLoop(asked::size) == 3);
        assertThat(answer.isComplete()).isFalse();
        answer(2, "shown later");
        Awaitility.await().until(answer::succeeded);
        assertThat(answer.result()).isEqualTo("shown first");
    }

    @Test
    void anAnswerIsWorthNothingWhenTheLogWasLostBeforeItWasCertain() {
        settle();
        members = Set.of(ONE, TWO);
        Future<String> answer = ask();
        answer(1, "shown first");
        Awaitility.await().until(() -> onLoop(asked::size) == 3);
        answer(2, "of another log");
        Awaitility.await().until(answer::failed);
    }

    @Test
    void theSecondTimeTheCopyMayHaveGoneToo() {
        settle();
        members = Set.of(ONE, TWO);
        Future<String> answer = ask();
        answer(1, "confirmed by nobody");
        Awaitility.await().until(() -> onLoop(asked::size) == 3);
        members = Set.of(ONE);
        answer(2, "again by nobody");
        Awaitility.await().until(answer::failed);
    }

    @Test
    void readsWaitForTheirTurnAndHoldUpNothingElse() {
        int[] sizes = onLoop(() -> {
            readMany();
            int reads = asked.size();
            logs.once("other", new Step());
            return new int[] {reads, asked.size()};
        });
        assertThat(sizes).containsExactly(32, 33);
    }

    @Test
    void readsOfAMemberThatDoesNotAnswerDoNotHoldUpOthers() {
        Future<String> first = onLoop(this::readMany);
        Awaitility.await("others have their turn").until(() -> onLoop(() -> asked.size() > 32 || first.isComplete()));
        assertThat(first.isComplete()).as("it is still waited for").isFalse();
    }

    /** Gives the first one. */
    private Future<String> readMany() {
        Future<String> first = logs.read("channel", Step::new);
        for (int i = 1; i < 1000; i++) {
            logs.read("channel" + i, Step::new);
        }
        return first;
    }

    /** A first question, so that it is known who was there. */
    private void settle() {
        Future<String> answer = ask();
        answer(0, "before");
        Awaitility.await().until(answer::succeeded);
    }

    private Future<String> ask() {
        return onLoop(() -> logs.once("channel", new Step()));
    }

    private void answer(int question, String text) {
        onLoop(() -> asked.get(question)).complete(text);
    }

    private <T> T onLoop(java.util.function.Supplier<T> work) {
        List<T> result = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        context.runOnContext(there -> {
            result.add(work.get());
            done.countDown();
        });
        try {
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return result.get(0);
    }

    private static final class Step extends LogProcessor<String> {
        private static final long serialVersionUID = 1L;

        @Override
        String step(Map.Entry<String, ChannelLog> entry, ChannelLog log, Standing.Found found) {
            return null;
        }

        @Override
        boolean covers(String first, String later) {
            return !later.equals("of another log");
        }

        @Override
        public int getClassId() {
            return 0;
        }
    }

    private static Object identity(String name, Object proxy, java.lang.reflect.Method method, Object[] args) {
        return switch (method.getName()) {
            case "equals" -> proxy == args[0];
            case "hashCode" -> name.hashCode();
            default -> name;
        };
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}

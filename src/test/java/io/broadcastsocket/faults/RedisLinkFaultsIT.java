package io.broadcastsocket.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.testing.TcpProxy;
import io.broadcastsocket.testing.TestClient;
import io.broadcastsocket.testing.redis.RedisServer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The way to Redis breaks while Redis keeps everything: nobody may miss anything, and no gap may be announced. */
class RedisLinkFaultsIT {
    private static final Pattern PORT = Pattern.compile("addr=127\\.0\\.0\\.1:(\\d+) ");

    private RedisServer redis;
    private TcpProxy proxy;
    private Service service;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        proxy = TcpProxy.to(redis.port());
    }

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
        proxy.close();
        redis.close();
    }

    /** The first node reaches Redis through the proxy, the other one without. */
    private void flow() {
        service = Service.start(
                List.of(Service.config("redis://127.0.0.1:" + proxy.port()), Service.config(redis.url())),
                List.of("news"));
    }

    private long losses(int node) {
        return Service.stats(service.node(node)).getLong("linkLosses");
    }

    private void nothingIsMissing() {
        assertThat(service.audit()).allSatisfy(audit -> {
            assertThat(audit.gaps()).isEmpty();
            assertThat(audit.epochs()).isEqualTo(1);
        });
        service.awaitReady();
    }

    @Test
    void aSubscriberConnectionThatHearsNothingIsReplaced() {
        flow();
        subscribers().stream().mapToInt(this::port).forEach(proxy::mute);
        service.await("the first node notices", () -> losses(0) > 0);
        service.recovers("half-open subscriber connection");
        nothingIsMissing();
        assertThat(losses(1)).isZero();
    }

    @Test
    void answersThatDoNotComeBackAreNoLoss() {
        flow();
        proxy.blackholeToClient();
        service.await("the first node notices", () -> losses(0) > 0);
        proxy.heal();
        service.recovers("answers of Redis held back");
        nothingIsMissing();
    }

    @Test
    void aNetworkThatSwallowsEverythingIsNoLoss() {
        flow();
        proxy.blackhole();
        service.await("the first node notices", () -> losses(0) > 0);
        service.await("it says so", () -> Service.problems(service.node(0)).contains("127.0.0.1:" + proxy.port()));
        proxy.heal();
        service.recovers("network partition");
        nothingIsMissing();
    }

    @Test
    void connectionsThatAreResetAgainAndAgainAreNoLoss() {
        flow();
        for (int i = 1; i <= 5; i++) {
            long before = losses(0);
            proxy.cut();
            service.await("the first node notices", () -> losses(0) > before);
            service.flowsAgain();
        }
        service.recovers("five resets");
        nothingIsMissing();
    }

    @Test
    void killedSubscriberConnectionsAreReplaced() {
        flow();
        redis.cli("CLIENT", "KILL", "TYPE", "pubsub");
        service.await("both nodes notice", () -> losses(0) > 0 && losses(1) > 0);
        service.recovers("CLIENT KILL TYPE pubsub");
        nothingIsMissing();
    }

    @Test
    void killedCommandConnectionsAreReplaced() {
        flow();
        redis.cli("CLIENT", "KILL", "TYPE", "normal");
        service.await("both nodes notice", () -> losses(0) > 0 && losses(1) > 0);
        service.recovers("CLIENT KILL TYPE normal");
        nothingIsMissing();
    }

    @Test
    void aRedisThatIsBusyForSecondsLosesNothing() {
        flow();
        redis.cli("DEBUG", "SLEEP", "4");
        service.recovers("DEBUG SLEEP 4");
        nothingIsMissing();
        assertThat(losses(0)).isPositive();
    }

    @Test
    void aRedisThatIsStoppedAndGoesOnLosesNothing() {
        flow();
        redis.pause();
        service.await("both nodes notice", () -> losses(0) > 0 && losses(1) > 0);
        service.await("many wait", () -> Service.stats(service.node(0)).getLong("queueMessages") > 50);
        redis.resume();
        service.recovers("SIGSTOP and SIGCONT");
        nothingIsMissing();
    }

    @Test
    void aSubscriberThatRedisCutsOffBecauseItIsSlowCatchesUp() {
        flow();
        redis.cli("CONFIG", "SET", "client-output-buffer-limit", "pubsub 32kb 16kb 1");
        // Larger than the limit, so that it does not depend on how fast the nodes read.
        try (TestClient client = service.node(1).connect()) {
            client.broadcast("news", "x".repeat(60_000));
        }
        service.await("Redis has cut off both", () -> losses(0) > 0 && losses(1) > 0);
        assertThat(redis.output()).contains("overcoming of output buffer limits");
        redis.cli("CONFIG", "SET", "client-output-buffer-limit", "pubsub 0 0 0");
        service.recovers("output buffer limit");
        nothingIsMissing();
    }

    @Test
    void scriptsThatAreForgottenUnderLoadAreLoadedAgain() {
        flow();
        for (int i = 0; i < 20; i++) {
            redis.cli("SCRIPT", "FLUSH");
            service.flowsAgain();
        }
        service.recovers("SCRIPT FLUSH, twenty times");
        nothingIsMissing();
    }

    private List<String> subscribers() {
        return ((String) redis.cli("CLIENT", "LIST", "TYPE", "pubsub")).lines().toList();
    }

    private int port(String client) {
        Matcher port = PORT.matcher(client);
        assertThat(port.find()).as(client).isTrue();
        return Integer.parseInt(port.group(1));
    }
}

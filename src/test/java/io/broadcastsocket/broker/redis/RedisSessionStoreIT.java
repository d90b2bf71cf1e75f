package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.SessionDocument;
import io.broadcastsocket.broker.SessionStore;
import io.broadcastsocket.broker.SessionStoreContract;
import io.broadcastsocket.model.SessionSnapshot;
import io.broadcastsocket.testing.redis.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisSessionStoreIT extends SessionStoreContract {
    private static RedisServer server;
    private static List<BridgeNode> nodes;

    @BeforeAll
    static void open() {
        server = RedisServer.start();
        nodes = Stream.generate(() -> BridgeNode.open(server.url(), 10))
                .limit(3)
                .toList();
    }

    @AfterAll
    static void close() {
        nodes.forEach(BridgeNode::close);
        server.close();
    }

    @Test
    void whatNodesTellEachOtherDoesNotGiveTheSessionAway() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            BufferedReader seen =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.UTF_8));
            assertThat(seen.readLine()).isEqualTo("+OK");
            await(store(0).checkpoint(snapshot(5, 0)));
            connected(0).put(SessionDocument.digest(token), snapshot(6, 0));
            assertThat(take(1)).isPresent();
            server.cli("PUBLISH", "seen", "all");
            List<String> commands = new ArrayList<>();
            while (commands.stream().noneMatch(command -> command.contains("\"seen\" \"all\""))) {
                commands.add(seen.readLine());
            }
            assertThat(commands).anyMatch(command -> command.contains("surrender"));
            assertThat(commands).noneMatch(command -> command.contains(token));
        }
    }

    @Override
    protected Map<String, SessionSnapshot> connected(int node) {
        return nodes.get(node).connected;
    }

    @Override
    protected SessionStore store(int node) {
        return nodes.get(node).sessions();
    }
}

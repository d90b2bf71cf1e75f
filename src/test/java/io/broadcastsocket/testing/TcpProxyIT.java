package io.broadcastsocket.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each fault of the proxy, as both sides see it. */
class TcpProxyIT {
    private ServerSocket listener;
    private TcpProxy proxy;
    private Socket client;
    private Socket server;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        proxy = TcpProxy.to(listener.getLocalPort());
        client = open();
        server = listener.accept();
        server.setSoTimeout(5000);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        proxy.close();
        listener.close();
    }

    @Test
    void bytesAndEndsPassInBothDirections() throws IOException {
        client.getOutputStream().write(1);
        assertThat(server.getInputStream().read()).isEqualTo(1);
        server.getOutputStream().write(2);
        assertThat(client.getInputStream().read()).isEqualTo(2);
        client.shutdownOutput();
        assertThat(server.getInputStream().read()).isEqualTo(-1);
        server.close();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        Awaitility.await().until(() -> proxy.connections() == 0);
    }

    @Test
    void aCutResetsBothSidesAndServesTheNext() throws IOException {
        proxy.cut();
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
        client = open();
        server = listener.accept();
        bytesAndEndsPassInBothDirections();
    }

    @Test
    void aBlackholeHoldsBothDirectionsUntilItHeals() throws IOException {
        proxy.blackhole();
        client.getOutputStream().write(1);
        server.getOutputStream().write(2);
        assertThatNothingComesTo(client);
        assertThatNothingComesTo(server);
        try (Socket other = open()) {
            other.getOutputStream().write(3);
            assertThatNothingComesTo(other);
        }
        proxy.heal();
        assertThat(server.getInputStream().read()).isEqualTo(1);
        assertThat(client.getInputStream().read()).isEqualTo(2);
    }

    @Test
    void aBlackholeHidesThatTheServerIsGone() throws IOException {
        proxy.blackhole();
        server.close();
        assertThatNothingComesTo(client);
        proxy.heal();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void aCutDropsWhatABlackholeHolds() throws IOException {
        proxy.blackholeToClient();
        client.getOutputStream().write(1);
        assertThat(server.getInputStream().read()).isEqualTo(1);
        server.getOutputStream().write(2);
        assertThatNothingComesTo(client);
        proxy.cut();
        proxy.heal();
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void refusingKeepsWhatExists() throws IOException {
        proxy.refuse();
        assertThatThrownBy(this::open).isInstanceOf(ConnectException.class);
        client.getOutputStream().write(1);
        assertThat(server.getInputStream().read()).isEqualTo(1);
        proxy.heal();
        open().close();
    }

    @Test
    void aDelayIsNoLimitToTheRate() throws IOException {
        proxy.delay(100);
        long begin = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            client.getOutputStream().write(i);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(server.getInputStream().read()).isEqualTo(i);
        }
        assertThat((System.nanoTime() - begin) / 1_000_000).isBetween(100L, 1000L);
    }

    @Test
    void aServerThatIsDownResetsTheClient() throws IOException {
        listener.close();
        try (Socket other = open()) {
            assertThatThrownBy(() -> other.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    private Socket open() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(5000);
        return socket;
    }

    private static void assertThatNothingComesTo(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(5000);
    }
}

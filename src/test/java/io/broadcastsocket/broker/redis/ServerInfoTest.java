package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerInfoTest {
    private static ServerInfo server(String version, String role) {
        return ServerInfo.parse("# Server\r\nredis_version:" + version + "\r\nrun_id:abc\r\n\r\n# Replication\r\nrole:"
                + role + "\r\nmaster_replid:def\r\n");
    }

    @Test
    void isReadFromWhatInfoAnswers() {
        assertThat(server("7.0.15", "master")).isEqualTo(new ServerInfo("7.0.15", "abc.def", "master"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.2.0", "6.2", "7.0.15", "8.2.1", "10.0.0", "7.4.0-rc1"})
    void theseWillDo(String version) {
        assertThatCode(() -> server(version, "master").check("a:1")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1.9", "5.0.14", "2.8", "", "x.y"})
    void theseAreTooOld(String version) {
        assertThatThrownBy(() -> server(version, "master").check("a:1"))
                .isInstanceOf(RedisFailure.class)
                .hasMessageContaining("a:1 is Redis " + version)
                .hasMessageContaining("at least 6.2");
    }

    @Test
    void aReplicaWillNotDo() {
        assertThatThrownBy(() -> server("7.0.15", "slave").check("a:1")).hasMessageContaining("read-only replica");
    }

    @Test
    void nothingAtAllWillNotDo() {
        assertThatThrownBy(() -> ServerInfo.parse("").check("a:1")).isInstanceOf(RedisFailure.class);
    }

    @Test
    void pubSubIsShardedFromSevenOn() {
        assertThat(server("6.2.11", "master").hasShardedPubSub()).isFalse();
        assertThat(server("7.0.0", "master").hasShardedPubSub()).isTrue();
    }
}

package io.broadcastsocket.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.broker.redis.RedisFailure.Kind;
import io.broadcastsocket.model.RedisUrl;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisFailureTest {
    private static final String IN_SCRIPT = "ERR Error running script (call to f_1f8f): @user_script:1: ";

    private static RedisFailure of(String message) {
        return RedisFailure.of(new IllegalStateException(message));
    }

    @ParameterizedTest
    @CsvSource({
        "NOSCRIPT No matching script, NO_SCRIPT",
        "MOVED 1 127.0.0.1:7000, ELSEWHERE",
        "ASK 1 127.0.0.1:7000, ELSEWHERE",
        "TRYAGAIN Multiple keys, ELSEWHERE",
        "CLUSTERDOWN The cluster is down, ELSEWHERE",
        "READONLY You can't write, ELSEWHERE",
        "LOADING Redis is loading, ELSEWHERE",
        "BUSY Redis is busy, ELSEWHERE",
        "WRONGPASS invalid, REFUSED",
        "ERR unknown command, REFUSED",
        "OOM command not allowed, REFUSED",
        "CONNECTION_CLOSED, LOST",
        "Connection is closed, LOST",
        "ILLEGAL_STATE Unknown RESP type H, LOST",
        "Connection refused, LOST"
    })
    void theFirstWordTellsWhatToDo(String message, Kind kind) {
        assertThat(of(message).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "WRONGPASS x, the user or password of the URL is wrong",
        "NOAUTH x, Redis wants a password",
        "NOPERM x, lacks a right",
        "ERR The user executing the script can't run this command, lacks a right",
        "OOM x, Redis is full",
        "MISCONF x, cannot save",
        "NOREPLICAS x, too few replicas",
        "WRONGTYPE x, holds something else",
        "CONNECTION_CLOSED, the server closed the connection",
        "ILLEGAL_STATE x, no Redis"
    })
    void theWordsAreForAnOperator(String message, String words) {
        assertThat(of(message)).hasMessageContaining(words);
    }

    @Test
    void whatACommandInAScriptAnswersIsUnpacked() {
        assertThat(of(IN_SCRIPT + "@user_script: 1: -OOM command not allowed").getMessage())
                .startsWith("Redis is full");
        assertThat(of(IN_SCRIPT + "WRONGTYPE Operation").isForeignKey()).isTrue();
        assertThat(of(IN_SCRIPT + "@user_script: 1: -READONLY You can't write").isNoMaster())
                .isTrue();
        assertThat(of(IN_SCRIPT + "@user_script: 1: Wrong number of args").kind())
                .isEqualTo(Kind.REFUSED);
    }

    @Test
    void aCertificateIsNamed() {
        SSLHandshakeException handshake = new SSLHandshakeException("handshake");
        handshake.initCause(new CertPathBuilderException("unable to find a path"));
        RedisFailure failure = RedisFailure.of(new IllegalStateException("Failed to create SSL connection", handshake));
        assertThat(failure.kind()).isEqualTo(Kind.LOST);
        assertThat(failure).hasMessageContaining("certificate").hasMessageContaining("unable to find a path");
    }

    @Test
    void silenceHasWordsToo() {
        assertThat(RedisFailure.of(new TimeoutException("Timeout 500 (ms) fired")))
                .hasMessage("no answer in time");
        assertThat(RedisFailure.of(new ClosedChannelException())).hasMessageContaining("ClosedChannelException");
    }

    @Test
    void aPlaceIsNamedOnce() {
        RedisUrl.Endpoint endpoint = new RedisUrl.Endpoint("a", 1);
        RedisFailure failure = RedisFailure.lost("no answer").at(endpoint);
        assertThat(failure).hasMessage("a:1: no answer");
        assertThat(failure.at(endpoint)).isSameAs(failure);
    }

    @Test
    void slotsThatMoveSayNothingAgainstTheServer() {
        assertThat(of("MOVED 1 127.0.0.1:7000").isOfSlot()).isTrue();
        assertThat(of("TRYAGAIN Multiple keys").isOfSlot()).isTrue();
        assertThat(of("CLUSTERDOWN x").isOfSlot()).isFalse();
    }
}

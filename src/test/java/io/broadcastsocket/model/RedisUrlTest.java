package io.broadcastsocket.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.broadcastsocket.model.RedisUrl.Encryption;
import io.broadcastsocket.model.RedisUrl.Endpoint;
import io.broadcastsocket.model.RedisUrl.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {
    @Test
    void theShortestNamesAHost() {
        RedisUrl url = RedisUrl.parse("redis://localhost");
        assertThat(url.form()).isEqualTo(Form.SINGLE);
        assertThat(url.encryption()).isEqualTo(Encryption.NONE);
        assertThat(url.endpoints()).containsExactly(new Endpoint("localhost", 6379));
        assertThat(url.user()).isEmpty();
        assertThat(url.password()).isEmpty();
        assertThat(url.database()).isZero();
    }

    @Test
    void everythingOfASingleServer() {
        RedisUrl url = RedisUrl.parse(" rediss://me:p%40ss%2F%3A+%25@[::1]:7000/12 ");
        assertThat(url.encryption()).isEqualTo(Encryption.TLS);
        assertThat(url.endpoints()).containsExactly(new Endpoint("::1", 7000));
        assertThat(url.user()).isEqualTo("me");
        assertThat(url.password()).isEqualTo("p@ss/:+%");
        assertThat(url.database()).isEqualTo(12);
        assertThat(url).hasToString("[::1]:7000");
    }

    @ParameterizedTest
    @CsvSource({"redis://secret@a, '', secret", "redis://:secret@a, '', secret", "redis://me:@a, me, ''"})
    void whatStandsBeforeTheHost(String text, String user, String password) {
        assertThat(RedisUrl.parse(text).user()).isEqualTo(user);
        assertThat(RedisUrl.parse(text).password()).isEqualTo(password);
    }

    @Test
    void sentinelsNameAMaster() {
        RedisUrl url = RedisUrl.parse("redis+sentinel://:pw@a,b:1,[::2]/my%20master/3?sentinelPassword=other");
        assertThat(url.form()).isEqualTo(Form.SENTINEL);
        assertThat(url.endpoints())
                .containsExactly(new Endpoint("a", 26379), new Endpoint("b", 1), new Endpoint("::2", 26379));
        assertThat(url.master()).isEqualTo("my master");
        assertThat(url.database()).isEqualTo(3);
        assertThat(url.password()).isEqualTo("pw");
        assertThat(url.sentinelPassword()).isEqualTo("other");
    }

    @Test
    void aClusterIsAskedAtSeveralNodes() {
        RedisUrl url = RedisUrl.parse("rediss+cluster://a:1,b/");
        assertThat(url.form()).isEqualTo(Form.CLUSTER);
        assertThat(url.encryption()).isEqualTo(Encryption.TLS);
        assertThat(url.endpoints()).containsExactly(new Endpoint("a", 1), new Endpoint("b", 6379));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "http://a",
                "redis:/a",
                "redis://",
                "redis://a:0",
                "redis://a:65536",
                "redis://a:x",
                "redis://a,b",
                "redis://a/x",
                "redis://a/1/2",
                "redis://a/12345",
                "redis+sentinel://a",
                "redis+cluster://a/1",
                "redis://a?x=1",
                "redis+other://a",
                "redis://a,",
                "redis://a b"
            })
    void whatIsWrongIsRefused(String text) {
        assertThatThrownBy(() -> RedisUrl.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://me:hunter2/x@a",
                "redis://:hunter2/x@a:1",
                "redis://hunter2/@a",
                "redis://me:hunter2@x@a",
                "redis://me:%zzhunter2@a",
                "redis://me:hunter2%@a",
                "redis://me:hunter2@a:x",
                "redis://me:1/hunter2@a",
                "me:hunter2@a"
            })
    void noComplaintContainsTheSecret(String text) {
        assertThatThrownBy(() -> RedisUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter2")
                .hasMessageNotContaining("zz");
    }
}

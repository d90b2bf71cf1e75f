package io.broadcastsocket.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
    @Test
    void withoutProxiesTheHeaderIsNotBelievedButItEndsTheTrustInLoopback() {
        ClientAddress direct = ClientAddress.of("127.0.0.1", List.of(), 0);
        ClientAddress forwarded = ClientAddress.of("127.0.0.1", List.of("10.1.1.1"), 0);
        assertThat(direct.isLoopback()).isTrue();
        assertThat(forwarded.host()).isEqualTo("127.0.0.1");
        assertThat(forwarded.isLoopback()).isFalse();
    }

    @Test
    void theClientIsAsManyEntriesFromTheEndAsThereAreOwnProxies() {
        List<String> header = List.of("forged", "203.0.113.9", "10.0.0.1");
        assertThat(ClientAddress.of("10.0.0.2", header, 1).host()).isEqualTo("10.0.0.1");
        assertThat(ClientAddress.of("10.0.0.2", header, 2).host()).isEqualTo("203.0.113.9");
        assertThat(ClientAddress.of("10.0.0.2", header, 9).host()).isEqualTo("forged");
        assertThat(ClientAddress.of("10.0.0.2", List.of(), 2).host()).isEqualTo("10.0.0.2");
    }

    @Test
    void anIpv6NetworkCountsAsOneAddress() {
        String one = ClientAddress.of("2001:db8:1:2:3:4:5:6", List.of(), 0).key();
        String other = ClientAddress.of("2001:db8:1:2:ffff::1", List.of(), 0).key();
        String elsewhere = ClientAddress.of("2001:db8:1:3::1", List.of(), 0).key();
        assertThat(one).isEqualTo(other).isNotEqualTo(elsewhere);
        assertThat(ClientAddress.of("::1", List.of(), 0).isLoopback()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3.4, 1.2.3.4, 1.2.3.4",
        "1.2.3.4:567, 1.2.3.4, 1.2.3.4",
        "::ffff:1.2.3.4, 1.2.3.4, 1.2.3.4",
        "::FFFF:102:304, 1.2.3.4, 1.2.3.4",
        "[::ffff:1.2.3.4]:567, 1.2.3.4, 1.2.3.4",
        "2001:db8:1:2::7, 2001:db8:1:2::7, 2001:db8:1:2::/64",
        "2001:DB8:1:2:0:0:0:7, 2001:db8:1:2::7, 2001:db8:1:2::/64",
        "[2001:db8:1:2::7], 2001:db8:1:2::7, 2001:db8:1:2::/64",
        "[2001:db8:1:2::7]:80, 2001:db8:1:2::7, 2001:db8:1:2::/64",
        "unknown, unknown, unknown",
        "[::1, '[::1', '[::1'"
    })
    void oneAddressHasOneKeyHoweverAProxyWritesIt(String entry, String host, String key) {
        ClientAddress address = ClientAddress.of("10.0.0.1", List.of(entry), 1);
        assertThat(address.host()).isEqualTo(host);
        assertThat(address.key()).isEqualTo(key);
        assertThat(address.isLoopback()).isFalse();
    }

    @Test
    void anIpv4AddressOfAnIpv6SocketIsLoopbackToo() {
        assertThat(ClientAddress.of("::ffff:127.0.0.1", List.of(), 0).isLoopback())
                .isTrue();
        assertThat(ClientAddress.of("::ffff:10.0.0.1", List.of(), 0).isLoopback())
                .isFalse();
    }

    @Test
    void originsAreAllowedByTheListOrWhenTheyAreTheServersOwn() {
        OriginPolicy policy = new OriginPolicy(Set.of("https://app.example"));
        assertThat(policy.allows(null, "h")).isTrue();
        assertThat(policy.allows("https://app.example", "h")).isTrue();
        assertThat(policy.allows("https://app.example.evil", "h")).isFalse();
        assertThat(policy.allows("https://h:1", "h:1")).isTrue();
        assertThat(policy.allows("https://h:2", "h:1")).isFalse();
        assertThat(policy.allows("null", "h")).isFalse();
        assertThat(policy.allows("not an origin", "h")).isFalse();
        assertThat(new OriginPolicy(Set.of("*")).allows("https://anything", "h"))
                .isTrue();
    }
}

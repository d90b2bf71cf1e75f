package io.broadcastsocket.verify.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenTest {
    private static final long SECOND = 1_000_000_000;

    private final Token token = new Token("secret", 5000);

    @Test
    void whatWasThereForAWhileIsKeptUntilItsTimeIsOver() {
        token.gone(0, SECOND);
        assertThat(token.isKept(5 * SECOND)).isTrue();
        assertThat(token.isKept(6 * SECOND)).isFalse();
    }

    @Test
    void whatWasThereForAMomentNeedNotBeKept() {
        token.gone(SECOND, 2 * SECOND - 1);
        assertThat(token.isKept(2 * SECOND)).isFalse();
    }
}

package io.broadcastsocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CloseCodeTest {
    @Test
    void theRangeTellsWhetherToReconnect() {
        assertThat(Arrays.stream(CloseCode.values()).filter(CloseCode::reconnect))
                .containsExactly(
                        CloseCode.INTERNAL_ERROR,
                        CloseCode.SERVICE_RESTART,
                        CloseCode.TRY_AGAIN_LATER,
                        CloseCode.HEARTBEAT_TIMEOUT,
                        CloseCode.SLOW_CONSUMER,
                        CloseCode.IDLE);
    }

    @ParameterizedTest
    @EnumSource
    void ownCodesLieInTheTwoRanges(CloseCode code) {
        if (code.status() >= 4000) {
            assertThat(code.status()).isBetween(4000, 4199);
            assertThat(code.reconnect()).isEqualTo(code.status() < 4100);
        } else {
            assertThat(code.status()).isBetween(1000, 1015).isNotIn(1004, 1005, 1006, 1015);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theReasonFitsAControlFrame(CloseCode code) {
        assertThat(code.reason()).matches("[a-z0-9]+(-[a-z0-9]+)*");
        assertThat(code.reason().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(123);
    }

    @Test
    void noStatusIsUsedTwice() {
        assertThat(Arrays.stream(CloseCode.values()).map(CloseCode::status)).doesNotHaveDuplicates();
    }
}

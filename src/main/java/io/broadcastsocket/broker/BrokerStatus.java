package io.broadcastsocket.broker;

import java.util.Map;
import java.util.Optional;

/**
 * How a broker is, for operators.
 *
 * @param adapter which one it is: {@code memory}, {@code cluster} or {@code redis}
 * @param problem why it accepts nothing or loses announcements at the moment, as a sentence that names the cause
 * @param degradation what else of it does not work, as a sentence that names the cause
 * @param counters what it has and has done, by name
 */
public record BrokerStatus(
        String adapter, Optional<String> problem, Optional<String> degradation, Map<String, Long> counters) {
    /** Without anything else that does not work. */
    public BrokerStatus(String adapter, Optional<String> problem, Map<String, Long> counters) {
        this(adapter, problem, Optional.empty(), counters);
    }
}

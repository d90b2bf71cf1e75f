package io.broadcastsocket.bench;

import java.util.Optional;

/**
 * One promise about cost and what was measured of it.
 *
 * @param scenario where it is measured
 * @param what the figure
 * @param bound which side of the limits is good
 * @param must the limit that has to be met, or not a number
 * @param goal the limit aimed at, or not a number
 * @param measured median and range, if it was measured without failure
 */
record Target(String scenario, String what, Bound bound, double must, double goal, Optional<Statistic> measured) {

    /** Which side of a limit is good. */
    enum Bound {
        AT_LEAST("≥"),
        AT_MOST("≤");

        final String sign;

        Bound(String sign) {
            this.sign = sign;
        }

        boolean holds(double value, double limit) {
            return this == AT_LEAST ? value >= limit : value <= limit;
        }
    }

    /** Judges the median; {@code failed} tells that a run of the server under test lost something or broke. */
    String verdict(boolean failed) {
        if (failed) {
            return "**failed**";
        }
        if (measured.isEmpty()) {
            return "not measured";
        }
        if (Double.isNaN(must) && Double.isNaN(goal)) {
            return "–";
        }
        double value = measured.get().median();
        if (bound.holds(value, goal)) {
            return "goal reached";
        }
        if (Double.isNaN(must)) {
            return "goal not reached";
        }
        return bound.holds(value, must) ? "met" : "**missed**";
    }
}

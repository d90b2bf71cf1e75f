package io.broadcastsocket.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.ChannelRule.SlowConsumer;
import io.broadcastsocket.model.Gap;
import io.broadcastsocket.model.Position;
import java.util.HashMap;
import java.util.Map;

/**
 * What a client knows, kept over its connections: a position per channel. Holds the promise of the service: the next
 * message is the next offset, or a gap that is true was announced.
 */
final class SimulatedClient {
    final String id;
    private final Truth truth;
    private final Map<String, Position> positions = new HashMap<>();
    int messages;
    int gaps;

    SimulatedClient(String id, Truth truth) {
        this.id = id;
        this.truth = truth;
    }

    Position position(String channel) {
        return positions.get(channel);
    }

    /** A subscription was acknowledged: the first one anywhere, a later one where the client stands, or after a gap. */
    void subscribed(String channel, Position from, boolean recovered) {
        Position known = positions.get(channel);
        if (known == null) {
            positions.put(channel, from);
        } else if (recovered) {
            assertThat(from).as("%s resumes %s where it stands", id, channel).isEqualTo(known);
        }
    }

    void message(String channel, long offset, long number) {
        Position known = positions.get(channel);
        long next = known.offset() + 1;
        while (next < offset && truth.isWithheld(channel, known.epoch(), next, id)) {
            next++;
        }
        assertThat(offset).as("%s reads %s after %s", id, channel, known).isEqualTo(next);
        assertThat(truth.isWithheld(channel, known.epoch(), offset, id))
                .as("%s gets back its own %s of %s", id, offset, channel)
                .isFalse();
        assertThat(number)
                .as("%s reads %s at %s:%s", id, channel, known.epoch(), offset)
                .isEqualTo(truth.number(channel, known.epoch(), offset));
        positions.put(channel, known.at(offset));
        messages++;
    }

    void gap(Gap gap) {
        Position known = positions.get(gap.channel());
        gaps++;
        switch (gap.reason()) {
            case EPOCH ->
                assertThat(gap.next().epoch())
                        .as("%s is told of another epoch of %s", id, gap.channel())
                        .isNotEqualTo(known.epoch());
            case TRIMMED -> {
                checkBounds(gap, known);
                assertThat(gap.to())
                        .as("%s is told that %s was trimmed", id, gap.channel())
                        .isLessThanOrEqualTo(truth.trimmedUpTo(gap.channel(), known.epoch()));
            }
            case SKIPPED -> {
                checkBounds(gap, known);
                assertThat(truth.policy(gap.channel()))
                        .as("%s skips in %s", id, gap.channel())
                        .isNotEqualTo(SlowConsumer.RELIABLE);
            }
        }
        positions.put(gap.channel(), gap.next());
    }

    /** Everything that there is has come. */
    void isComplete(String channel) {
        Position known = positions.get(channel);
        Position top = truth.top(channel);
        assertThat(known.epoch()).as("%s in %s", id, channel).isEqualTo(top.epoch());
        long next = known.offset() + 1;
        while (next <= top.offset() && truth.isWithheld(channel, known.epoch(), next, id)) {
            next++;
        }
        assertThat(next).as("%s has all of %s", id, channel).isEqualTo(top.offset() + 1);
    }

    private void checkBounds(Gap gap, Position known) {
        long next = known.offset() + 1;
        while (next < gap.from() && truth.isWithheld(gap.channel(), known.epoch(), next, id)) {
            next++;
        }
        assertThat(gap.from())
                .as("%s: gap %s begins where %s ends", id, gap, known)
                .isEqualTo(next);
        assertThat(gap.next()).isEqualTo(known.at(gap.to()));
        assertThat(gap.to()).isGreaterThanOrEqualTo(gap.from());
    }
}

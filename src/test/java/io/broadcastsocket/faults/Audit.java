package io.broadcastsocket.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.broadcastsocket.model.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks what a {@link Witness} was given: each offset of an epoch exactly once and in order, or in a gap that was announced,
 * and each message id at most once in an epoch.
 */
final class Audit {
    private final Witness witness;
    private final List<Witness.Event> events;

    /** Every stay in an epoch: from where to where, and what came by offset. */
    private final List<Stay> stays = new ArrayList<>();

    private static final class Stay {
        final String epoch;
        final long start;
        final Map<Long, String> messages = new HashMap<>();
        final Set<String> ids = new HashSet<>();
        final Set<Long> trimmed = new HashSet<>();
        long end;

        Stay(Position start) {
            this.epoch = start.epoch();
            this.start = start.offset();
            this.end = start.offset();
        }
    }

    Audit(Witness witness) {
        this.witness = witness;
        this.events = witness.events();
        replay();
    }

    String channel() {
        return witness.channel();
    }

    /** Announced gaps, by reason. */
    List<String> gaps() {
        return events.stream()
                .filter(Witness.Missed.class::isInstance)
                .map(event -> ((Witness.Missed) event).reason())
                .toList();
    }

    int epochs() {
        return stays.size();
    }

    /** What was acknowledged at a position that this witness passed was given to it there. */
    void checkAcknowledged(Map<String, Position> acknowledged) {
        acknowledged.forEach((id, position) -> {
            for (int i = 0; i < stays.size(); i++) {
                Stay stay = stays.get(i);
                if (!stay.epoch.equals(position.epoch()) || position.offset() <= stay.start) {
                    continue;
                }
                boolean left = position.offset() > stay.end && i < stays.size() - 1;
                if (!left && !stay.trimmed.contains(position.offset())) {
                    assertThat(stay.messages.get(position.offset()))
                            .as("%s was acknowledged at %s; %s", id, position, describe())
                            .isEqualTo(id);
                }
            }
        });
        if (stays.size() == 1) {
            assertThat(acknowledged.values())
                    .as("the epochs that were acknowledged; %s", describe())
                    .allMatch(position -> position.epoch().equals(stays.get(0).epoch));
        }
    }

    /** The publications of one publisher came in its order. */
    void checkOrder(String prefix) {
        for (Stay stay : stays) {
            List<Integer> indices = stay.messages.entrySet().stream()
                    .filter(message -> message.getValue().startsWith(prefix + "-"))
                    .sorted(Map.Entry.comparingByKey())
                    .map(message -> Integer.parseInt(message.getValue().substring(prefix.length() + 1)))
                    .toList();
            assertThat(indices)
                    .as("the order of %s at %s", prefix, witness.name())
                    .isSorted();
        }
    }

    private void replay() {
        Position at = null;
        boolean recovered = true;
        for (int i = 0; i < events.size(); i++) {
            Witness.Event event = events.get(i);
            if (event instanceof Witness.Began began) {
                if (at == null) {
                    begin(began.position());
                } else if (began.recovered()) {
                    check(began.position().equals(at), i, "it did not come back where it was");
                } else {
                    recovered = false;
                    continue;
                }
            } else if (event instanceof Witness.Message message) {
                check(recovered, i, "a message came before the gap that the ack had announced");
                check(message.position().offset() == at.offset() + 1, i, "not the next offset");
                check(stay().ids.add(message.messageId()), i, "the same id twice in an epoch");
                stay().messages.put(message.position().offset(), message.messageId());
            } else if (event instanceof Witness.Missed gap) {
                recovered = true;
                check(gap.from() == at.offset() + 1, i, "the gap does not begin where the subscriber stood");
                if (gap.reason().equals("epoch")) {
                    check(gap.to() == gap.from() - 1, i, "what is missing cannot be counted over epochs");
                    check(
                            stays.stream()
                                    .noneMatch(stay ->
                                            stay.epoch.equals(gap.position().epoch())),
                            i,
                            "an epoch came back");
                    begin(gap.position());
                } else {
                    check(gap.position().equals(at.at(gap.to())), i, "the gap does not end where delivery goes on");
                    check(gap.to() >= gap.from(), i, "the gap is empty");
                    for (long offset = gap.from(); offset <= gap.to(); offset++) {
                        stay().trimmed.add(offset);
                    }
                }
            }
            at = event.position();
            stay().end = at.offset();
        }
    }

    private void begin(Position position) {
        stays.add(new Stay(position));
    }

    private Stay stay() {
        return stays.get(stays.size() - 1);
    }

    private void check(boolean condition, int index, String what) {
        assertThat(condition)
                .as("%s: %s: %s", witness.name(), what, events.subList(Math.max(0, index - 6), index + 1))
                .isTrue();
    }

    private String describe() {
        List<String> lines = new ArrayList<>();
        stays.forEach(stay -> lines.add(stay.epoch + " " + stay.start + ".." + stay.end + " with "
                + stay.messages.size() + " messages and " + stay.trimmed.size() + " trimmed"));
        return witness.name() + " was in " + lines;
    }
}

package io.broadcastsocket.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.map.EntryProcessor;
import io.broadcastsocket.model.Draft;
import io.broadcastsocket.model.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A log and its copy under steps whose confirmations get lost, and owners that die: whatever a caller was shown, as an
 * acknowledgement or by a read, stays as it was, however often the copy takes over.
 */
class LogCopySimulationTest {
    private static final LogRule RULE = new LogRule(100_000, 1L << 40, 1L << 40, 1L << 40, 100_000, 1L << 40);
    private static final int STEPS = 2000;

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("simulation.seeds", 200));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasShownStaysAsItWas(long seed) {
        new Run(new Random(seed)).play();
    }

    private static final class Run {
        private final Random random;
        private final Map<Position, String> shown = new HashMap<>();
        private final Map<String, List<Batch>> unanswered = new HashMap<>();
        private final Map<String, Long> numbers = new HashMap<>();
        private FakeEntry<ChannelLog> owner = new FakeEntry<>();
        private FakeEntry<ChannelLog> copy = new FakeEntry<>();
        private int messages;
        private int epochs;

        /** What was shown while a departure stood in for the confirmation: it counts when it is part of what is confirmed later. */
        private LogPage uncertain;

        private LogPage uncertainTop;

        Run(Random random) {
            this.random = random;
        }

        void play() {
            for (int i = 0; i < STEPS; i++) {
                switch (random.nextInt(20)) {
                    case 0 -> ownerDies();
                    case 1, 2 -> giveUp(producer());
                    case 3, 4, 5 -> read();
                    case 6 -> attach();
                    default -> append(producer());
                }
            }
            sync();
            read();
        }

        private String producer() {
            return "node" + random.nextInt(3);
        }

        /** One batch is under way for each producer: the same one until it is confirmed. */
        private void append(String producer) {
            List<Batch> mine = unanswered.computeIfAbsent(producer, fresh -> new ArrayList<>());
            if (mine.isEmpty()) {
                mine.add(batch(producer));
            }
            Batch batch = mine.get(0);
            ChannelLog log = owner.getValue();
            EntryProcessor<String, ChannelLog, Appended> step;
            Appended result;
            if (log != null && log.knows(batch)) {
                step = new CopyProcessor<>(log.top());
                result = log.outcome(batch);
            } else {
                boolean fresh = log == null;
                log = fresh ? new ChannelLog("e" + ++epochs) : log;
                String epoch = log.epochUnder("", "unused");
                step = new AppendCopy(fresh, log.top(), batch, new Terms(RULE, 1, "", epoch));
                result = log.append(batch, new Terms(RULE, 1, "", epoch));
                owner.setValue(log);
            }
            if (confirmed(step)) {
                for (int i = 0; i < batch.items().size(); i++) {
                    show(result.position(i), batch.items().get(i).messageId());
                }
                mine.clear();
            }
        }

        private Batch batch(String producer) {
            List<Batch.Item> items = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                items.add(new Batch.Item("m" + ++messages, Draft.Identity.SERVER, null, new byte[] {'1'}));
            }
            return new Batch(producer, numbers.merge(producer, 1L, Long::sum), items);
        }

        /** Its publications have waited too long: nobody is told what became of them. */
        private void giveUp(String producer) {
            unanswered.getOrDefault(producer, new ArrayList<>()).clear();
        }

        private void read() {
            ChannelLog log = owner.getValue();
            if (log == null) {
                return;
            }
            LogPage page = log.read(log.top().at(0), Integer.MAX_VALUE, Long.MAX_VALUE, 1);
            if (!confirmed(new CopyProcessor<LogPage>(log.top()))) {
                uncertain = page;
                return;
            }
            show(page);
            if (uncertain != null && uncertain.isWithin(page)) {
                show(uncertain);
            }
            uncertain = null;
        }

        /** Tells where the log stands, and when that is not certain, makes it so by a read of what stood there. */
        private void attach() {
            ChannelLog log = owner.getValue();
            if (log == null) {
                return;
            }
            LogPage first = uncertainTop == null ? log.newest() : uncertainTop;
            LogPage page = log.read(first.after(), 1, Long.MAX_VALUE, 1);
            boolean certain = confirmed(new CopyProcessor<LogPage>(log.top()));
            if (certain && first.isWithin(page)) {
                show(first);
            }
            uncertainTop = certain ? null : first;
        }

        private void show(LogPage page) {
            ((io.broadcastsocket.broker.ReadResult.Page) page.result("c"))
                    .publications()
                    .forEach(publication -> show(publication.position(), publication.messageId()));
        }

        private void show(Position position, String messageId) {
            String before = shown.putIfAbsent(position, messageId);
            if (before != null) {
                assertThat(messageId).as("what stands at %s", position).isEqualTo(before);
            }
        }

        /** The copy's step gets lost now and then; when it fails, it is not confirmed, and the copy is made anew later. */
        private boolean confirmed(EntryProcessor<String, ChannelLog, ?> step) {
            if (random.nextInt(4) == 0) {
                return false;
            }
            try {
                Serialized.copy(step).process(copy);
                return true;
            } catch (NotServing differs) {
                if (random.nextInt(5) == 0) {
                    sync();
                }
                return false;
            }
        }

        /** The copy is the owner, and another member gets the copy. */
        private void ownerDies() {
            owner = copy;
            copy = new FakeEntry<>();
            sync();
        }

        private void sync() {
            if (owner.getValue() != null) {
                copy.setValue(Serialized.copy(owner.getValue()));
            }
        }
    }
}

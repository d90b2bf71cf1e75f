package io.broadcastsocket.broker.cluster;

import com.hazelcast.instance.impl.Node;
import com.hazelcast.internal.services.NodeAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.ExtendedMapEntry;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A step that a log's owner takes, and that is finished only when the member with the copy has taken its own.
 *
 * <p>Confined to the thread of the partition once it runs. The copy's step checks that both logs agree and fails otherwise:
 * then it is not confirmed, and the caller asks again. So what a caller has seen is on two members, also when it only read:
 * nothing that the owner alone knows is ever shown (record 0013).
 *
 * @param <R> what the caller gets
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
abstract class LogProcessor<R> implements EntryProcessor<String, ChannelLog, R>, IdentifiedDataSerializable, NodeAware {
    private Standing standing;
    private LogRule rule;

    // Only where it runs
    private Node node;
    private String channel;
    private boolean hasCopy;
    private EntryProcessor<String, ChannelLog, R> copyStep;

    LogProcessor() {}

    LogProcessor(Standing standing, LogRule rule) {
        this.standing = standing;
        this.rule = rule;
    }

    /** Takes the step; {@code log} is null when the channel has none. */
    abstract R step(Map.Entry<String, ChannelLog> entry, ChannelLog log, Standing.Found found);

    @Override
    public final R process(Map.Entry<String, ChannelLog> entry) {
        channel = entry.getKey();
        copyStep = null;
        Standing.Found found = standing.check(node, channel);
        hasCopy = found.hasCopy();
        return step(entry, entry.getValue(), found);
    }

    /** A log that begins on this member. */
    final ChannelLog begin(String epoch) {
        ChannelLog log = new ChannelLog(epoch);
        log.setHazelcastInstance(node.hazelcastInstance);
        return log;
    }

    /** Ids of the nodes that are there. */
    final List<String> nodes() {
        return node.getClusterService().getMembers().stream()
                .map(member -> member.getAttribute(MemberConfig.NODE))
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Whether what was shown first is part of what a later answer is about. It is not when the log was lost in between, or another
     * one went on.
     */
    abstract boolean covers(R first, R later);

    /** The step by which it becomes certain what was shown first: itself, unless another one shows that better. */
    LogProcessor<R> again(R first) {
        return this;
    }

    /** What the copy has to do; without it, nothing waits for the copy. */
    final void copyWith(EntryProcessor<String, ChannelLog, R> step) {
        copyStep = step;
    }

    final LogRule rule() {
        return rule;
    }

    final Standing standing() {
        return standing;
    }

    /** Puts a log into the map, or says that it is in use. */
    static void keep(Map.Entry<String, ChannelLog> entry, ChannelLog log, long keptMs) {
        ((ExtendedMapEntry<String, ChannelLog>) entry).setValue(log, log.keptMs(keptMs), TimeUnit.MILLISECONDS);
    }

    /** Asked right before the copy gets its step: were that copy gone by now, nobody would be asked to confirm. */
    @Override
    public final EntryProcessor<String, ChannelLog, R> getBackupProcessor() {
        if (copyStep != null && hasCopy && !Standing.hasCopy(node, channel)) {
            throw new NotServing("the copy of the log is gone");
        }
        return copyStep;
    }

    @Override
    public final void setNode(Node runsOn) {
        node = runsOn;
    }

    @Override
    public final int getFactoryId() {
        return Types.FACTORY;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        standing.write(out);
        rule.write(out);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        standing = Standing.read(in);
        rule = LogRule.read(in);
    }
}

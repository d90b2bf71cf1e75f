package io.broadcastsocket.broker.cluster;

/**
 * Appends a batch of publications.
 *
 * <p>Confined to the thread of the partition once it runs.
 */
@SuppressWarnings("serial") // Written as IdentifiedDataSerializable only.
final class AppendProcessor extends BatchProcessor {
    /** For Hazelcast. */
    AppendProcessor() {}

    /** @param freshEpoch one that no channel has had, in case a new one begins */
    AppendProcessor(Standing standing, LogRule rule, Batch batch, String freshEpoch) {
        super(standing, rule, batch, freshEpoch);
    }

    @Override
    CopyProcessor<Appended> check(ChannelLog log) {
        return new CopyProcessor<>(log.top());
    }

    @Override
    Appended carryOut(String channel, ChannelLog log, boolean fresh, Terms terms) {
        copyWith(new AppendCopy(fresh, log.top(), batch(), terms));
        return log.append(batch(), terms);
    }

    @Override
    public int getClassId() {
        return Types.APPEND;
    }
}

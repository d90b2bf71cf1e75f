package io.broadcastsocket.broker.cluster;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What members send each other, by number: the numbers and what stands behind them are the same on all nodes of a cluster
 * ({@link ClusterMembership#VERSION}).
 *
 * <p>Thread-safe.
 */
final class Types implements DataSerializableFactory {
    static final int FACTORY = 1;

    static final int CHANNEL_LOG = 1;
    static final int APPENDED = 2;
    static final int LOG_PAGE = 3;
    static final int APPEND = 4;
    static final int APPEND_COPY = 5;
    static final int ATTACH = 6;
    static final int BEGIN_COPY = 7;
    static final int READ = 8;
    static final int COPY = 9;
    static final int TOPS = 10;
    static final int EXPIRE = 11;
    static final int KEPT_SESSION = 12;
    static final int KEEP_SESSION = 13;
    static final int ROSTER = 14;
    static final int ROSTER_COPY = 15;
    static final int ROSTER_PAGE = 16;
    static final int ROSTER_PAGE_STEP = 17;
    static final int ROSTER_SURVEY = 18;
    static final int TAKE_SESSION = 19;
    static final int ROSTER_CHECK = 20;

    private static final Map<Integer, Supplier<IdentifiedDataSerializable>> TYPES = Map.ofEntries(
            Map.entry(CHANNEL_LOG, ChannelLog::new),
            Map.entry(APPENDED, Appended::new),
            Map.entry(LOG_PAGE, LogPage::new),
            Map.entry(APPEND, AppendProcessor::new),
            Map.entry(APPEND_COPY, AppendCopy::new),
            Map.entry(ATTACH, AttachProcessor::new),
            Map.entry(BEGIN_COPY, BeginCopy::new),
            Map.entry(READ, ReadProcessor::new),
            Map.entry(COPY, CopyProcessor::new),
            Map.entry(TOPS, TopsProcessor::new),
            Map.entry(EXPIRE, ExpireProcessor::new),
            Map.entry(KEPT_SESSION, KeptSession::new),
            Map.entry(KEEP_SESSION, KeepSession::new),
            Map.entry(ROSTER, RosterProcessor::new),
            Map.entry(ROSTER_COPY, RosterCopy::new),
            Map.entry(ROSTER_PAGE, RosterPage::new),
            Map.entry(ROSTER_PAGE_STEP, RosterPageProcessor::new),
            Map.entry(ROSTER_SURVEY, RosterSurvey::new),
            Map.entry(TAKE_SESSION, TakeSession::new),
            Map.entry(ROSTER_CHECK, RosterCheck::new));

    @Override
    public IdentifiedDataSerializable create(int typeId) {
        return TYPES.get(typeId).get();
    }
}

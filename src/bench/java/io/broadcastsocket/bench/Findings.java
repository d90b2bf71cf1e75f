package io.broadcastsocket.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Adds to a result what every mode reports alike: latencies, and whether each subscriber received each message. */
final class Findings {
    private Findings() {}

    static void latency(Map<String, Object> result, String prefix, Histogram histogram) {
        result.put(prefix + "p50Ms", histogram.getValueAtPercentile(50) / 1e6);
        result.put(prefix + "p99Ms", histogram.getValueAtPercentile(99) / 1e6);
        result.put(prefix + "p999Ms", histogram.getValueAtPercentile(99.9) / 1e6);
        result.put(prefix + "maxMs", histogram.getMaxValue() / 1e6);
        result.put(prefix + "samples", histogram.getTotalCount());
        ByteBuffer encoded = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(encoded);
        result.put(prefix + "histogram", Base64.getEncoder().encodeToString(Arrays.copyOf(encoded.array(), length)));
    }

    /** {@code extraFailures} are those that only the mode knows. */
    static void verification(Map<String, Object> result, Crowd crowd, Ledger ledger, List<String> extraFailures) {
        List<String> failures = new ArrayList<>(extraFailures);
        complain(failures, ledger.missing(), "deliveries missing");
        complain(failures, ledger.misorderedOrDuplicate(), "deliveries out of order or twice");
        complain(failures, ledger.underWay(), "messages not received by all");
        complain(failures, crowd.swarm.closedCount(), "connections ended " + crowd.swarm.closures());
        complain(failures, crowd.replies.errors(), "errors " + crowd.replies.samples());
        result.put("failures", failures);
    }

    private static void complain(List<String> failures, long count, String what) {
        if (count > 0) {
            failures.add(count + " " + what);
        }
    }
}

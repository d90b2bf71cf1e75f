package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.deployment.LocalDeployment;
import io.broadcastsocket.verify.deployment.PartitionedDeployment;
import io.broadcastsocket.verify.options.FaultName;

/** The faults by name. */
public final class Faults {
    private Faults() {}

    /** What clients can cause. */
    public static Fault ofClients(FaultName name) {
        return switch (name) {
            case CUT -> new Cut();
            case SLOW -> new Slow();
            case RESEND -> new Resend();
            case KILL, FREEZE, ROLLING, JOIN, PARTITION -> throw new IllegalArgumentException(name.word());
        };
    }

    /** The same, and what befalls nodes that are not in namespaces. */
    public static Fault ofNodes(FaultName name, LocalDeployment deployment) {
        return switch (name) {
            case KILL -> new Kill(deployment);
            case FREEZE -> new Freeze(deployment);
            case ROLLING -> new Rolling(deployment);
            case JOIN -> new Join(deployment);
            case CUT, SLOW, RESEND, PARTITION -> ofClients(name);
        };
    }

    public static Fault partition(PartitionedDeployment deployment) {
        return new Partition(deployment);
    }
}

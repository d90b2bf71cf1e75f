package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.deployment.LocalDeployment;
import io.broadcastsocket.verify.deployment.PartitionedDeployment;
import java.util.List;

/** The faults that there are, by name. */
public final class Faults {
    public static final String PARTITION = "partition";

    /** What clients can cause. */
    public static final List<String> OF_CLIENTS = List.of("cut", "slow", "resend");

    /** What befalls nodes that the tool has started, in the order in which it is done. */
    public static final List<String> OF_NODES = List.of("kill", "freeze", "rolling", "join", PARTITION);

    private Faults() {}

    public static Fault ofClients(String name) {
        return switch (name) {
            case "cut" -> new Cut();
            case "slow" -> new Slow();
            case "resend" -> new Resend();
            default -> throw new IllegalArgumentException(name);
        };
    }

    public static Fault ofNodes(String name, LocalDeployment deployment) {
        return switch (name) {
            case "kill" -> new Kill(deployment);
            case "freeze" -> new Freeze(deployment);
            case "rolling" -> new Rolling(deployment);
            case "join" -> new Join(deployment);
            default -> ofClients(name);
        };
    }

    public static Fault partition(PartitionedDeployment deployment) {
        return new Partition(deployment);
    }
}

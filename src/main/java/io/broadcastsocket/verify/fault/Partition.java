package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.deployment.LocalNode;
import io.broadcastsocket.verify.deployment.PartitionedDeployment;
import io.broadcastsocket.verify.options.FaultName;

/**
 * One node is cut off from its peers, but not from its clients, and comes back. Half-way through, clients of other nodes
 * try to move to it.
 */
record Partition(PartitionedDeployment deployment) implements Fault {
    private static final int EACH = 4;

    @Override
    public String name() {
        return FaultName.PARTITION.word();
    }

    @Override
    public void play(Stage stage) {
        int number = stage.random().nextInt(deployment.nodes().nodes().size());
        LocalNode node = deployment.nodes().nodes().get(number);
        stage.strike(() -> deployment.cut(number));
        try {
            stage.pause(stage.pace().partitionMs() / 2);
            stage.tell(() -> stage.crowd().move(node.endpoint(), EACH));
            stage.pause(stage.pace().partitionMs() / 2);
            if (node.isReady()) {
                stage.noEffect(node.endpoint() + " was cut off, and is ready all the same");
            }
        } finally {
            deployment.heal(number);
        }
        stage.awaitServed();
        deployment.nodes().awaitReady(node);
    }
}

package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.deployment.PartitionedDeployment;

/**
 * One node is cut off from its peers, but not from its clients, and comes back. Half-way through, clients of other nodes
 * try to move to it.
 */
record Partition(PartitionedDeployment deployment) implements Fault {
    private static final int EACH = 4;

    @Override
    public String name() {
        return "partition";
    }

    @Override
    public void play(Stage stage) {
        int node = stage.random().nextInt(deployment.nodes().nodes().size());
        stage.strike(() -> deployment.cut(node));
        try {
            stage.pause(stage.pace().partitionMs() / 2);
            stage.tell(() -> stage.crowd().move(deployment.nodes().endpoints().get(node), EACH));
            stage.pause(stage.pace().partitionMs() / 2);
        } finally {
            deployment.heal(node);
        }
        stage.awaitServed();
        deployment.nodes().awaitReady(deployment.nodes().nodes().get(node));
    }
}

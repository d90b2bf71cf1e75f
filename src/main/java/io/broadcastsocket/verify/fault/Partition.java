package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.deployment.PartitionedDeployment;

/** One node is cut off from its peers, but not from its clients, and comes back. */
record Partition(PartitionedDeployment deployment) implements Fault {
    @Override
    public String name() {
        return "partition";
    }

    @Override
    public void play(Stage stage) {
        int node = stage.random().nextInt(deployment.nodes().nodes().size());
        stage.strike(() -> deployment.cut(node));
        try {
            stage.pause(stage.pace().partitionMs());
        } finally {
            deployment.heal(node);
        }
        stage.awaitServed();
        deployment.nodes().awaitReady(deployment.nodes().nodes().get(node));
    }
}

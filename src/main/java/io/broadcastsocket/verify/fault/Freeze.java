package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.deployment.LocalDeployment;
import io.broadcastsocket.verify.deployment.LocalNode;
import io.broadcastsocket.verify.options.FaultName;

/** One node stands still for longer than its peers wait for it, and then goes on as if nothing had been. */
record Freeze(LocalDeployment deployment) implements Fault {
    @Override
    public String name() {
        return FaultName.FREEZE.word();
    }

    /** A single node has nobody who could go on without it. */
    @Override
    public boolean sparesState() {
        return deployment.nodes().size() == 1 || deployment.target().outlivesOne();
    }

    @Override
    public void play(Stage stage) {
        LocalNode node =
                deployment.nodes().get(stage.random().nextInt(deployment.nodes().size()));
        stage.expectComebacks(node.endpoint() + " was frozen", () -> {
            stage.strike(node::freeze);
            try {
                stage.pause(stage.pace().freezeMs());
            } finally {
                node.thaw();
            }
            stage.awaitServed();
            deployment.awaitReady(node);
        });
    }
}

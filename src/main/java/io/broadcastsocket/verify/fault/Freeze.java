package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.deployment.LocalDeployment;
import io.broadcastsocket.verify.deployment.LocalNode;

/** One node stands still for longer than its peers wait for it, and then goes on as if nothing had been. */
record Freeze(LocalDeployment deployment) implements Fault {
    @Override
    public String name() {
        return "freeze";
    }

    @Override
    public void play(Stage stage) {
        LocalNode node =
                deployment.nodes().get(stage.random().nextInt(deployment.nodes().size()));
        stage.strike(node::freeze);
        try {
            stage.pause(stage.pace().freezeMs());
        } finally {
            node.thaw();
        }
        stage.awaitServed();
        deployment.awaitReady(node);
    }
}

package io.broadcastsocket.verify.fault;

import io.broadcastsocket.verify.deployment.LocalDeployment;
import io.broadcastsocket.verify.deployment.LocalNode;

/** Each node in turn is killed, and started again when its clients are served by others. */
record Kill(LocalDeployment deployment) implements Fault {
    @Override
    public String name() {
        return "kill";
    }

    @Override
    public void play(Stage stage) {
        for (LocalNode node : deployment.nodes()) {
            stage.strike(node::kill);
            if (deployment.nodes().size() > 1) {
                stage.awaitServed();
            }
            node.start();
            deployment.awaitReady(node);
            stage.awaitServed();
        }
    }
}

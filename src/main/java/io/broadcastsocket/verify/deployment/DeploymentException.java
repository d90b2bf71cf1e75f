package io.broadcastsocket.verify.deployment;

/** Something about nodes, processes or namespaces could not be done; the message is a sentence for people. */
public final class DeploymentException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DeploymentException(String message) {
        super(message);
    }
}

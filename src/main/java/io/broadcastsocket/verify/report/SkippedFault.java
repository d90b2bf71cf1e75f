package io.broadcastsocket.verify.report;

/**
 * A fault that this machine, or this deployment, cannot do.
 *
 * @param required whether it had to be done here
 */
public record SkippedFault(String name, String why, boolean required) implements FaultOutcome {
    @Override
    public boolean played() {
        return false;
    }

    @Override
    public boolean held() {
        return !required;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.skipped(this);
    }
}

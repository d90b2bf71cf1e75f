package io.broadcastsocket.verify;

import io.broadcastsocket.verify.deployment.Deployment;
import io.broadcastsocket.verify.deployment.LocalDeployment;
import io.broadcastsocket.verify.deployment.PartitionedDeployment;
import io.broadcastsocket.verify.deployment.Processes;
import io.broadcastsocket.verify.deployment.RunningDeployment;
import io.broadcastsocket.verify.fault.Fault;
import io.broadcastsocket.verify.fault.Faults;
import io.broadcastsocket.verify.fault.ShellCommand;
import io.broadcastsocket.verify.options.FaultName;
import io.broadcastsocket.verify.options.Options;
import io.broadcastsocket.verify.options.Target;
import io.broadcastsocket.verify.report.FaultOutcome;
import io.broadcastsocket.verify.report.SkippedFault;
import io.broadcastsocket.verify.wire.Loop;
import io.broadcastsocket.verify.wire.Wires;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * All faults of a run, one after the other.
 *
 * <p>Confined to the script's thread, but for {@link #abort}.
 */
final class Verification implements Target.Visitor<Void> {
    private final Options options;
    private final Path directory;
    private final Consumer<FaultOutcome> listener;
    private final Loop loop = new Loop();
    private final Processes processes = new Processes();
    private final AtomicReference<PartitionedDeployment> partitioned = new AtomicReference<>();
    private final Wires wires;
    private final Random random;
    private final String run;
    private volatile boolean aborted;
    private int played;

    /**
     * @param directory for configurations and logs of local nodes
     * @param listener is told of each outcome
     */
    Verification(Options options, Path directory, Consumer<FaultOutcome> listener) {
        this.options = options;
        this.directory = directory;
        this.listener = listener;
        this.random = new Random(options.seed());
        // Not of the seed: two runs with one seed must not share ids or channels.
        this.run = Long.toString(System.nanoTime() ^ ProcessHandle.current().pid(), 36)
                .replace("-", "");
        this.wires = loop.ask(() -> new Wires(loop.vertx(), options.pace().attemptMs()));
    }

    /** @throws RuntimeException when it ends early, whatever was found by then */
    void run() {
        try {
            options.target().accept(this);
        } finally {
            processes.close();
            loop.close();
        }
    }

    /** Ends everything that was started; any thread. */
    void abort() {
        aborted = true;
        loop.stop();
        processes.close();
        PartitionedDeployment deployment = partitioned.get();
        if (deployment != null) {
            deployment.release();
        }
    }

    /** Whether it ends early because of {@link #abort}; any thread. */
    boolean isAborted() {
        return aborted;
    }

    @Override
    public Void running(Target.Running running) {
        RunningDeployment deployment = new RunningDeployment(running.nodes(), running.apis(), running.key());
        new Preflight(loop, wires, options).check(deployment);
        options.faults().forEach(name -> play(deployment, Faults.ofClients(name)));
        options.commands()
                .forEach(command -> play(deployment, new ShellCommand(command.name(), command.shell(), processes)));
        return null;
    }

    @Override
    public Void local(Target.Local local) {
        LocalDeployment.Plan plan = new LocalDeployment.Plan(local, options.pace(), directory, processes, loop);
        options.leftOut().forEach((name, why) -> listener.accept(new SkippedFault(name.word(), why, false)));
        List<FaultName> together = options.faults().stream()
                .filter(name -> name != FaultName.PARTITION)
                .toList();
        if (!together.isEmpty() || !options.commands().isEmpty()) {
            try (LocalDeployment deployment = LocalDeployment.onLoopback(plan)) {
                for (FaultName name : together) {
                    deployment.restore();
                    play(deployment, Faults.ofNodes(name, deployment));
                }
                for (Options.Command command : options.commands()) {
                    deployment.restore();
                    play(deployment, new ShellCommand(command.name(), command.shell(), processes));
                }
            }
        }
        if (options.faults().contains(FaultName.PARTITION)) {
            partition(plan);
        }
        return null;
    }

    private void partition(LocalDeployment.Plan plan) {
        try (PartitionedDeployment deployment = new PartitionedDeployment(plan)) {
            partitioned.set(deployment);
            Optional<String> obstacle = deployment.obstacle();
            if (obstacle.isPresent()) {
                boolean required = "true".equals(System.getenv("CI"));
                listener.accept(new SkippedFault(FaultName.PARTITION.word(), obstacle.get(), required));
                return;
            }
            deployment.start();
            play(deployment.nodes(), Faults.partition(deployment));
        }
    }

    private void play(Deployment deployment, Fault fault) {
        listener.accept(
                new Trial(loop, wires, options, deployment, fault, run + "/" + played++, random.nextLong()).run());
    }
}

package io.broadcastsocket.verify.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsParserTest {
    private static Options parse(String... words) throws UsageException {
        return new OptionsParser(List.of("cut", "slow", "resend"), List.of("kill", "freeze", "join", "partition"))
                .parse(List.of(words));
    }

    @Test
    void localAloneMeansThreeNodesOfACluster() throws UsageException {
        Options options = parse("--local");
        assertThat(options.target()).isEqualTo(new Target.Local(3, new Broker.Cluster()));
        assertThat(options.faults()).containsExactly("kill", "freeze", "join", "partition", "cut", "slow", "resend");
        assertThat(options.clients()).isEqualTo(24);
        assertThat(options.pace().partitionMs()).isEqualTo(30_000);
    }

    @Test
    void valuesComeAfterASpaceOrAnEqualsSign() throws UsageException {
        Options options = parse(
                "--local=5",
                "--broker=redis",
                "--redis",
                "redis://127.0.0.1:6379",
                "--faults",
                "kill,cut",
                "--seed=7",
                "--rate=12.5",
                "--report",
                "r.json");
        assertThat(options.target()).isEqualTo(new Target.Local(5, new Broker.Redis("redis://127.0.0.1:6379")));
        assertThat(options.faults()).containsExactly("kill", "cut");
        assertThat(options.seed()).isEqualTo(7);
        assertThat(options.rate()).isEqualTo(12.5);
        assertThat(options.report()).contains(Path.of("r.json"));
    }

    @Test
    void nodesMayBeNamedByEitherScheme() throws UsageException {
        Options options = parse("--nodes", "ws://a:8080,https://b", "--api", "http://a:8081", "--key", "secret");
        assertThat(options.target())
                .isEqualTo(new Target.Running(
                        List.of(URI.create("http://a:8080"), URI.create("https://b")),
                        List.of(URI.create("http://a:8081")),
                        Optional.of("secret")));
        assertThat(options.faults()).containsExactly("cut", "slow", "resend");
    }

    @Test
    void withoutAnApiTheLoadStaysBelowTheServersLimit() throws UsageException {
        assertThat(parse("--nodes", "http://a").rate()).isLessThan(100 / 60.0);
        assertThat(parse("--nodes", "http://a", "--api", "http://b").rate()).isEqualTo(100);
    }

    @Test
    void ownFaultsMayBeRepeatedAndReplaceTheUsualOnes() throws UsageException {
        Options options = parse("--nodes", "http://a", "--fault", "deploy=./deploy.sh -x a=b", "--fault", "net=cut it");
        assertThat(options.faults()).isEmpty();
        assertThat(options.commands())
                .containsExactly(
                        new Options.Command("deploy", "./deploy.sh -x a=b"), new Options.Command("net", "cut it"));
    }

    @Test
    void quickIsSmallAndShort() throws UsageException {
        Options options = parse("--local", "--quick", "--clients", "5");
        assertThat(options.pace().aroundMs()).isEqualTo(1000);
        assertThat(options.clients()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "| say what to verify: --nodes URL,URL for nodes that run, or --local to start some",
                "--local --nodes http://a | --nodes and --local exclude each other",
                "--local --clinets 5 | there is no option --clinets; did you mean \"--clients\"?",
                "--local --faults kil | the fault \"kil\" is not known; there are kill, freeze, join, partition, cut, "
                        + "slow, resend; did you mean \"kill\"?",
                "--nodes http://a --faults kill | the fault \"kill\" cannot be done to this deployment; there are cut, "
                        + "slow, resend",
                "--local --broker redis | --broker redis and --redis URL go together",
                "--local --broker clutser | --broker must be one of cluster, redis, memory, not \"clutser\"; did you "
                        + "mean \"cluster\"?",
                "--local --broker memory | with --broker memory there is one node only: --local 1",
                "--local --key x | --key goes with --nodes only",
                "--nodes http://a --logs x | --logs goes with --local only",
                "--nodes ftp://a | --nodes takes URLs such as http://host:8080, not \"ftp://a\"",
                "--nodes a:8080 | --nodes takes URLs such as http://host:8080, not \"a:8080\"",
                "--local --clients 0 | --clients must be a number above 0, not \"0\"",
                "--local --clients 1.5 | --clients must be a whole number from 1 to 100000, not 1.5",
                "--local --seed x | --seed must be a whole number, not \"x\"",
                "--local --seed | --seed needs a value",
                "--local --seed 1 --seed 2 | --seed is there twice",
                "--nodes http://a --fault deploy | --fault takes 'name=shell command', not 'deploy'",
                "--nodes http://a --channels 50 | with --channels 50 and 1.5 publications per second, a channel gets less "
                        + "than one in 5 s: too few to see who is served",
                "--local 3 extra | \"extra\" belongs to no option",
            })
    void mistakesAreNamed(String line, String sentence) {
        String[] words = line == null ? new String[0] : line.split(" ");
        assertThatThrownBy(() -> parse(words))
                .isInstanceOf(UsageException.class)
                .hasMessage(sentence);
    }
}

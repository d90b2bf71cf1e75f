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
        return OptionsParser.parse(List.of(words));
    }

    @Test
    void localAloneMeansThreeNodesOfACluster() throws UsageException {
        Options options = parse("--local");
        assertThat(options.target()).isEqualTo(new Target.Local(3, new Broker.Cluster()));
        assertThat(options.faults()).containsExactly(FaultName.values());
        assertThat(options.leftOut()).isEmpty();
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
        assertThat(options.faults()).containsExactly(FaultName.KILL, FaultName.CUT);
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
        assertThat(options.faults()).containsExactly(FaultName.CUT, FaultName.SLOW, FaultName.RESEND);
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
    void whatTooFewNodesCannotShowIsLeftOutWithItsReason() throws UsageException {
        assertThat(parse("--local", "2").leftOut())
                .containsOnlyKeys(FaultName.JOIN, FaultName.PARTITION)
                .containsEntry(
                        FaultName.JOIN,
                        "it needs 3 nodes or more, --local 3: of two that are parted neither accepts anything");
        assertThat(parse("--local", "1", "--broker", "memory").leftOut())
                .containsOnlyKeys(FaultName.JOIN, FaultName.PARTITION);
        assertThat(parse("--local", "2", "--broker", "redis", "--redis", "redis://h")
                        .leftOut())
                .isEmpty();
        assertThat(parse("--local", "3", "--broker", "redis", "--redis", "rediss://h")
                        .leftOut())
                .containsOnlyKeys(FaultName.PARTITION);
    }

    @Test
    void onlyWhatIsSharedOutlivesANode() {
        assertThat(new Target.Local(3, new Broker.Cluster()).outlivesOne()).isTrue();
        assertThat(new Target.Local(2, new Broker.Cluster()).outlivesOne()).isFalse();
        assertThat(new Target.Local(1, new Broker.Redis("redis://h")).outlivesOne())
                .isTrue();
        assertThat(new Target.Local(1, new Broker.Redis("redis://h")).canSpareOne())
                .isFalse();
        assertThat(new Target.Local(1, new Broker.Memory()).outlivesOne()).isFalse();
    }

    @Test
    void aRedisIsTheSameAtAnotherAddress() {
        assertThat(new Broker.Redis("redis://me:a%2Fb@host:1/3")
                        .at("10.0.0.1:2")
                        .url())
                .isEqualTo("redis://me:a%2Fb@10.0.0.1:2/3");
        assertThat(new Broker.Redis("redis://[::1]:1").at("10.0.0.1:2").url()).isEqualTo("redis://10.0.0.1:2");
    }

    @Test
    void theNameOfAFaultIsNotTooLongForAChannel() {
        assertThatThrownBy(() -> parse("--nodes", "http://a", "--fault", "n".repeat(41) + "=true"))
                .hasMessageStartingWith("the name of a --fault has at most 40 characters");
        assertThatThrownBy(() -> parse("--nodes", "http://a", "--fault", " =true"))
                .hasMessage("--fault takes 'name=shell command', not ' =true'");
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
                "--local --faults kil | the fault \"kil\" is not known; there are kill, freeze, rolling, join, cut, slow, "
                        + "resend, partition; did you mean \"kill\"?",
                "--nodes http://a --faults kill | the fault \"kill\" cannot be done: it needs nodes that are started for it: "
                        + "--local",
                "--local 2 --faults partition | the fault \"partition\" cannot be done: it needs 3 nodes or more, --local 3: "
                        + "of two that are parted neither accepts anything",
                "--local 1 --broker redis --redis redis://h --faults join | the fault \"join\" cannot be done: it needs 2 "
                        + "nodes or more, --local 2",
                "--local 1 --broker memory --faults join | the fault \"join\" cannot be done: it needs nodes that share a "
                        + "broker",
                "--local --broker redis --redis rediss://h --faults partition | the fault \"partition\" cannot be done: it "
                        + "needs a single Redis without TLS: redis://host:port",
                "--local --broker redis --redis redis+sentinel://a,b/m --faults partition | the fault \"partition\" cannot "
                        + "be done: it needs a single Redis without TLS: redis://host:port",
                "--local --broker redis --redis redis://a:0 | --redis: \"a:0\" is not a host and a port from 1 to 65535",
                "--local --faults , | --faults names nothing",
                "--local --faults= | --faults names nothing",
                "--nodes , | --nodes names nothing",
                "--nodes http://a --api , | --api names nothing",
                "--nodes http://a/base | --nodes takes URLs without a path, not \"http://a/base\": name a port or host at "
                        + "which the node itself is reached",
                "--nodes http://a?session=x | --nodes takes URLs such as http://host:8080, not \"http://a?session=x\"",
                "--local --clients 2 | with --clients 2 and 3 nodes, some node has no client that could notice what befalls it",
                "--local --freeze-seconds 10 | --freeze-seconds must be more than 10, after which nodes take a silent one "
                        + "for dead: otherwise nobody notices anything",
                "--local --quick --partition-seconds 2 | --partition-seconds must be more than 3, after which nodes take a "
                        + "silent one for dead: otherwise nobody notices anything",
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

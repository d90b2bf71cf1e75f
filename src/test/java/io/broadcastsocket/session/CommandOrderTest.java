package io.broadcastsocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class CommandOrderTest {
    private final CommandOrder order = new CommandOrder();
    private final List<String> begun = new ArrayList<>();

    @Test
    void stepsAboutOneChannelWaitForEachOther() {
        Promise<Void> subscribe = Promise.promise();
        order.run("a", step("subscribe", subscribe.future()));
        order.run("a", step("unsubscribe", Future.succeededFuture()));
        order.run("b", step("elsewhere", Future.succeededFuture()));
        assertThat(begun).containsExactly("subscribe", "elsewhere");
        subscribe.complete();
        assertThat(begun).containsExactly("subscribe", "elsewhere", "unsubscribe");
    }

    @Test
    void aStepThatFailedDoesNotStopTheNext() {
        Promise<Void> subscribe = Promise.promise();
        order.run("a", step("subscribe", subscribe.future()));
        order.run("a", step("again", Future.succeededFuture()));
        subscribe.fail("away");
        assertThat(begun).containsExactly("subscribe", "again");
    }

    @Test
    void anActionWaitsButNothingWaitsForIt() {
        Promise<Void> subscribe = Promise.promise();
        order.run("a", step("subscribe", subscribe.future()));
        order.after("a", () -> begun.add("broadcast"));
        order.after("b", () -> begun.add("elsewhere"));
        assertThat(begun).containsExactly("subscribe", "elsewhere");
        subscribe.complete();
        order.after("a", () -> begun.add("at once"));
        assertThat(begun).containsExactly("subscribe", "elsewhere", "broadcast", "at once");
    }

    @Test
    void aStepAboutAllWaitsForAllAndAllWaitForIt() {
        Promise<Void> subscribe = Promise.promise();
        Promise<Void> resume = Promise.promise();
        order.run("a", step("subscribe", subscribe.future()));
        order.runAlone(step("resume", resume.future()));
        order.run("a", step("unsubscribe", Future.succeededFuture()));
        order.run("b", step("other", Future.succeededFuture()));
        order.after("c", () -> begun.add("broadcast"));
        assertThat(begun).containsExactly("subscribe");
        subscribe.complete();
        assertThat(begun).containsExactly("subscribe", "resume");
        resume.complete();
        assertThat(begun).containsExactlyInAnyOrder("subscribe", "resume", "unsubscribe", "other", "broadcast");
    }

    private Supplier<Future<Void>> step(String name, Future<Void> end) {
        return () -> {
            begun.add(name);
            return end;
        };
    }
}

package io.broadcastsocket.verify.wire;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The one event loop on which clients, load and ledger live, and the ways to it from the thread that plays the script.
 *
 * <p>Thread-safe. {@link #stop} ends every wait of the script with {@link Stopped}; what fails on the loop fails the script.
 */
public final class Loop implements AutoCloseable {
    /** The script was told to end. */
    public static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopped() {
            super("stopped");
        }
    }

    private static final long POLL_MS = 10;
    private static final int CLOSE_SECONDS = 5;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context context = vertx.getOrCreateContext();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<Throwable> broken = new AtomicReference<>();

    public Loop() {
        context.exceptionHandler(failure -> broken.compareAndSet(null, failure));
    }

    public Vertx vertx() {
        return vertx;
    }

    /** Executes on the loop, some time soon. */
    public void run(Runnable task) {
        context.runOnContext(go -> task.run());
    }

    /** Executes on the loop and waits for the result. */
    public <T> T ask(Supplier<T> question) {
        AtomicReference<T> answer = new AtomicReference<>();
        AtomicReference<Throwable> failed = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        run(() -> {
            try {
                answer.set(question.get());
            } catch (RuntimeException | Error failure) {
                failed.set(failure);
            } finally {
                done.countDown();
            }
        });
        while (!await(done, 1000)) {
            checkStopped();
        }
        checkStopped();
        checkSound(failed.get());
        checkSound(broken.get());
        return answer.get();
    }

    /** Starts something on the loop and waits for its result; throws its failure, or that it took too long. */
    public <T> T complete(Supplier<Future<T>> start, long timeoutMs) {
        Future<T> future = ask(start);
        if (!await(future::isComplete, timeoutMs)) {
            throw new IllegalStateException("no answer within " + timeoutMs + " ms");
        }
        if (future.failed()) {
            throw new IllegalStateException(future.cause().getMessage(), future.cause());
        }
        return future.result();
    }

    /** Waits until something is so on the loop; tells whether it is before the time is over. */
    public boolean await(BooleanSupplier condition, long timeoutMs) {
        long deadline = System.nanoTime() + timeoutMs * 1_000_000;
        while (!ask(condition::getAsBoolean)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            pause(POLL_MS);
        }
        return true;
    }

    /** Lets time go by. */
    public void pause(long ms) {
        await(stopped, ms);
        checkStopped();
    }

    /** Ends the script at its next wait. */
    public void stop() {
        stopped.countDown();
    }

    @Override
    public void close() {
        CountDownLatch closed = new CountDownLatch(1);
        vertx.close().onComplete(done -> closed.countDown());
        await(closed, TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    }

    private static void checkSound(Throwable failure) {
        if (failure != null) {
            throw new IllegalStateException("the tool itself failed", failure);
        }
    }

    private void checkStopped() {
        if (stopped.getCount() == 0) {
            throw new Stopped();
        }
    }

    private static boolean await(CountDownLatch latch, long ms) {
        try {
            return latch.await(ms, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stopped();
        }
    }
}

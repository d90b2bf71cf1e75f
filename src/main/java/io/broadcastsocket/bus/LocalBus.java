package io.broadcastsocket.bus;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;

/**
 * The event bus between the verticles of one node: immutable objects by reference, never encoded, never leaving the
 * process.
 *
 * <p>Thread-safe.
 */
public final class LocalBus {
    private static final String CODEC = "by-reference";

    private final EventBus bus;
    private final DeliveryOptions options =
            new DeliveryOptions().setLocalOnly(true).setCodecName(CODEC);

    /** Uses the event bus of this Vert.x instance, on which {@link #register} was called once. */
    public LocalBus(Vertx vertx) {
        this.bus = vertx.eventBus();
    }

    /** Registers the codec; once per Vert.x instance. */
    public LocalBus register() {
        bus.registerCodec(new ByReference());
        return this;
    }

    /** Sends to the one consumer of an address. */
    public void send(String address, Object message) {
        bus.send(address, message, options);
    }

    /** Sends and waits for the answer, at most {@code timeoutMs}. */
    public <T> Future<T> request(String address, Object message, long timeoutMs) {
        DeliveryOptions withTimeout = new DeliveryOptions(options).setSendTimeout(timeoutMs);
        return bus.<T>request(address, message, withTimeout).map(Message::body);
    }

    /** Answers a request. */
    public void reply(Message<?> request, Object answer) {
        request.reply(answer, options);
    }

    /** Receives on the caller's context. */
    public <T> MessageConsumer<T> consume(String address, Handler<Message<T>> handler) {
        return bus.localConsumer(address, handler);
    }

    private static final class ByReference implements MessageCodec<Object, Object> {
        @Override
        public Object transform(Object message) {
            return message;
        }

        @Override
        public void encodeToWire(Buffer buffer, Object message) {
            throw new IllegalStateException("messages of the local bus do not leave the process");
        }

        @Override
        public Object decodeFromWire(int pos, Buffer buffer) {
            throw new IllegalStateException("messages of the local bus do not come from outside");
        }

        @Override
        public String name() {
            return CODEC;
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}

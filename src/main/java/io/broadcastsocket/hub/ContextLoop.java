package io.broadcastsocket.hub;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;

/** The event loop of a verticle. */
public final class ContextLoop implements Loop {
    private final EventLoop loop;

    public ContextLoop(Context context) {
        this.loop = ((ContextInternal) context).nettyEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public boolean isCurrent() {
        return loop.inEventLoop();
    }
}

package io.broadcastsocket.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
    private static final int MEGABYTE = 1024 * 1024;

    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final ChannelHandlerContext context = channel.pipeline().firstContext();
    private final FrameWriter out = new FrameWriter(context);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void whatIsNotFlushedCountsAsPending() {
        out.write(Unpooled.wrappedBuffer(new byte[MEGABYTE]));
        assertThat(out.isUnflushed()).isTrue();
        assertThat(out.isFlushed()).isFalse();
        assertThat(out.isWritable()).isFalse();
        out.flush();
        assertThat(out.isUnflushed()).isFalse();
        assertThat(out.isFlushed()).isTrue();
        assertThat(out.isWritable()).isTrue();
    }

    @Test
    void moreThanTheBoundIsAnOverflow() {
        for (int i = 0; i < FrameWriter.MOST_PENDING_BYTES / MEGABYTE; i++) {
            assertThat(out.isOverflowing()).isFalse();
            out.write(Unpooled.wrappedBuffer(new byte[MEGABYTE]));
        }
        assertThat(out.isOverflowing()).isTrue();
        out.flush();
        assertThat(out.isOverflowing()).isFalse();
    }
}

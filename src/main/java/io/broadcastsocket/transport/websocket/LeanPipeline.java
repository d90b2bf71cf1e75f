package io.broadcastsocket.transport.websocket;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.List;
import java.util.Map;

/**
 * The one place below Vert.x's public API (record 0002): turns an HTTP connection of Vert.x into a channel that has
 * nothing but a frame decoder and our handler.
 *
 * <p>Event loop only. It relies on two names in Vert.x's pipeline, {@code httpDecoder} and {@code handler}; a test on a
 * real socket fails when an upgrade of Vert.x changes them. The decoder is <em>replaced</em>, so that bytes which came
 * with the handshake reach the new one.
 */
final class LeanPipeline {
    private static final String HTTP_DECODER = "httpDecoder";
    private static final String VERTX_HANDLER = "handler";

    /**
     * Bytes that may wait unsent in the kernel before the socket counts as full: without it the kernel takes megabytes for
     * a client that does not read, and we would notice late.
     */
    private static final int UNSENT_BYTES = 128 * 1024;

    private LeanPipeline() {}

    /** Sends the response and puts the connection at the end of the channel's pipeline; nothing is read as frames yet. */
    static void install(HttpServerRequest request, byte[] response, WebSocketConnection connection) {
        Channel channel = channel(request);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.replace(VERTX_HANDLER, "connection", connection);
        for (Map.Entry<String, ChannelHandler> entry :
                List.copyOf(pipeline.toMap().entrySet())) {
            boolean stays = entry.getValue() instanceof SslHandler
                    || entry.getValue() == connection
                    || entry.getKey().equals(HTTP_DECODER);
            if (!stays) {
                pipeline.remove(entry.getKey());
            }
        }
        if (channel instanceof EpollSocketChannel epoll) {
            epoll.config().setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) UNSENT_BYTES);
        }
        channel.writeAndFlush(Unpooled.wrappedBuffer(response), channel.voidPromise());
    }

    /** Begins to read frames, first of all from what came together with the handshake. */
    static void readFrames(Channel channel, int maxFrameBytes) {
        channel.pipeline().replace(HTTP_DECODER, "frameDecoder", new WebSocket13FrameDecoder(decoder(maxFrameBytes)));
    }

    static Channel channel(HttpServerRequest request) {
        return ((HttpServerConnection) request.connection())
                .channelHandlerContext()
                .channel();
    }

    private static WebSocketDecoderConfig decoder(int maxFrameBytes) {
        return WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowExtensions(false)
                .maxFramePayloadLength(maxFrameBytes)
                .closeOnProtocolViolation(false)
                .build();
    }
}

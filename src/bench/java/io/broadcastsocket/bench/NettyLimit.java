package io.broadcastsocket.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The limits {@code S} and {@code K} for machines without a C compiler: plain Netty, one event loop to which all state is confined.
 * Every subscriber gets every message, whatever its channel.
 */
public final class NettyLimit {
    private final boolean coalesce;
    private final Set<Channel> subscribers = new LinkedHashSet<>();
    private ByteBuf pending = Unpooled.EMPTY_BUFFER;
    private long offset;

    private NettyLimit(boolean coalesce) {
        this.coalesce = coalesce;
    }

    /** Arguments: {@code S} or {@code K}; the port. */
    public static void main(String[] args) {
        NettyLimit limit = new NettyLimit(args[0].equals("K"));
        IoHandlerFactory transport = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> channel =
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, transport))
                .channel(channel)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(limit.pipeline())
                .bind("127.0.0.1", Integer.parseInt(args[1]))
                .syncUninterruptibly();
    }

    private ChannelInitializer<SocketChannel> pipeline() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline()
                        .addLast(
                                new HttpServerCodec(),
                                new HttpObjectAggregator(8192),
                                new WebSocketServerProtocolHandler("/"),
                                new Commands());
            }
        };
    }

    private final class Commands extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
            String text = frame.text();
            if (text.contains("\"subscribe\"")) {
                subscribers.add(context.channel());
            } else {
                broadcast(context.channel(), text);
            }
            context.writeAndFlush(
                    new TextWebSocketFrame("{\"type\":\"ack\",\"messageId\":\"" + field(text, "messageId") + "\"}"));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            subscribers.remove(context.channel());
        }
    }

    private static String field(String json, String name) {
        String key = "\"" + name + "\":\"";
        int start = json.indexOf(key) + key.length();
        return json.substring(start, json.indexOf('"', start));
    }

    private void broadcast(Channel publisher, String text) {
        byte[] message = ("{\"type\":\"message\",\"channel\":\"" + field(text, "channel") + "\",\"data\":\""
                        + field(text, "data")
                        + "\",\"messageId\":\"" + field(text, "messageId") + "\",\"offset\":" + ++offset
                        + ",\"timestamp\":" + System.currentTimeMillis()
                        + "}")
                .getBytes(StandardCharsets.UTF_8);
        if (!pending.isReadable()) {
            pending = publisher.alloc().directBuffer();
            publisher.eventLoop().execute(this::fanOut);
        }
        pending.writeByte(0x81).writeByte(126).writeShort(message.length).writeBytes(message);
        if (!coalesce) {
            fanOut();
        }
    }

    /** Writes past the pipeline's encoder: the frames are encoded once. */
    private void fanOut() {
        ByteBuf frames = pending;
        if (frames.isReadable()) {
            pending = Unpooled.EMPTY_BUFFER;
            for (Channel subscriber : subscribers) {
                subscriber.pipeline().firstContext().writeAndFlush(frames.retainedDuplicate());
            }
            frames.release();
        }
    }
}

package io.broadcastsocket.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;

/**
 * Sends bytes on a socket that nothing waits for, without a trip through Netty's pipeline and outbound buffer (record
 * 0002). Only for channels of the epoll transport; others send nothing and take the usual way.
 *
 * <p>Event loop of the channel only.
 */
final class DirectSend {
    private DirectSend() {}

    /** The direct way to a channel's socket, or null when its transport has none. */
    static Socket of(Channel channel) {
        return channel instanceof EpollSocketChannel epoll ? (Socket) epoll.fd() : null;
    }

    /**
     * Sends as much as the kernel takes now.
     *
     * @param bytes direct memory; its indices are not moved
     * @return how many bytes were sent; an error of the socket counts as none, so that the usual way reports it
     */
    static int send(Socket socket, ByteBuf bytes) {
        if (socket == null || !bytes.hasMemoryAddress()) {
            return 0;
        }
        try {
            return socket.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex());
        } catch (IOException broken) {
            return 0;
        }
    }
}

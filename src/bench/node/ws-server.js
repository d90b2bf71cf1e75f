'use strict';
// The original's approach: parse, encode once per broadcast, loop over the clients. Argument: the port.

const { WebSocketServer, WebSocket } = require('ws');

const channels = new Map();
let offset = 0;

function broadcast(command) {
  const message = JSON.stringify({
    type: 'message',
    channel: command.channel,
    data: command.data,
    messageId: command.messageId,
    offset: ++offset,
    timestamp: Date.now(),
  });
  for (const client of channels.get(command.channel) ?? []) {
    if (client.readyState === WebSocket.OPEN) client.send(message);
  }
}

function subscribe(socket, channel) {
  if (!channels.has(channel)) channels.set(channel, new Set());
  channels.get(channel).add(socket);
}

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2]), backlog: 4096 });

server.on('connection', (socket) => {
  socket.send(JSON.stringify({ type: 'ack', timestamp: Date.now() }));
  socket.on('message', (bytes) => {
    const command = JSON.parse(bytes);
    if (command.type === 'subscribe') subscribe(socket, command.channel);
    else broadcast(command);
    socket.send(JSON.stringify({ type: 'ack', messageId: command.messageId }));
  });
  socket.on('close', () => channels.forEach((clients) => clients.delete(socket)));
  socket.on('error', () => socket.terminate());
});

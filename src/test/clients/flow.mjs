// The whole of the original protocol, with any WebSocket that has the browser's interface.
// Runs inside a page as well as in Node, so it must not import anything.
export async function originalProtocol(WebSocket, url) {
  const channel = `interop-${Math.random().toString(36).slice(2)}`;
  const socket = new WebSocket(url);
  const messages = [];
  const waiting = [];
  socket.onmessage = (event) => {
    messages.push(JSON.parse(event.data));
    waiting.splice(0).forEach((check) => check());
  };
  const next = (what, fits) =>
    new Promise((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error(`no ${what} in ${JSON.stringify(messages)}`)), 10_000);
      const check = () => {
        const index = messages.findIndex(fits);
        if (index < 0) {
          waiting.push(check);
          return;
        }
        clearTimeout(deadline);
        resolve(messages.splice(index, 1)[0]);
      };
      check();
    });
  const reply = (id) => next(`reply to ${id}`, (m) => m.messageId === id && (m.type === 'ack' || m.type === 'error'));
  const expect = (condition, what) => {
    if (!condition) throw new Error(what);
  };
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error('cannot connect'));
  });
  expect((await next('welcome', (m) => m.type === 'ack')).data.clientId, 'the welcome names the client');

  socket.send(JSON.stringify({ type: 'subscribe', channel, messageId: 's' }));
  expect((await reply('s')).type === 'ack', 'subscribe is acked');
  socket.send(JSON.stringify({ type: 'broadcast', channel, data: { text: 'héllo ✓' }, messageId: 'b' }));
  expect((await reply('b')).type === 'ack', 'broadcast is acked');
  const message = await next('message', (m) => m.type === 'message');
  expect(message.channel === channel && message.data.text === 'héllo ✓', 'the message is what was sent');
  expect(message.messageId === 'b' && message.timestamp > 0, 'with its id and a timestamp');

  socket.send(JSON.stringify({ type: 'broadcast', data: 'all' }));
  const toAll = await next('message to everyone', (m) => m.type === 'message' && m.data === 'all');
  expect(toAll.channel === '*', 'without a channel, everyone gets it');

  socket.send(JSON.stringify({ type: 'nonsense', messageId: 'n' }));
  const error = await reply('n');
  expect(error.type === 'error' && error.data.code === 'unknown-type', 'nonsense is an error');
  expect((await next('ping', (m) => m.type === 'ping')).timestamp > 0, 'a ping has a timestamp');

  socket.send(JSON.stringify({ type: 'unsubscribe', channel, messageId: 'u' }));
  expect((await reply('u')).type === 'ack', 'unsubscribe is acked');
  socket.send(JSON.stringify({ type: 'broadcast', channel, data: 'late', messageId: 'l' }));
  await reply('l');
  expect(!messages.some((m) => m.data === 'late'), 'nothing comes after unsubscribe');
  socket.close();
}

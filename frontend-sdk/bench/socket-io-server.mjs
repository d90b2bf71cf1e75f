// A socket.io server with rooms, and with what it has for clients that come back. Publishes what is posted to /broadcast.
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { Server } from 'socket.io'

const http = createServer((request, response) => {
  void json(request).then((publications) => {
    for (const { channel, data } of publications) io.to(channel).emit('message', data)
    response.end()
  })
})

const io = new Server(http, {
  connectionStateRecovery: { maxDisconnectionDuration: 120_000, skipMiddlewares: true },
})

io.on('connection', (socket) => {
  socket.on('subscribe', (channel, done) => {
    void socket.join(channel)
    done()
  })
})

http.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'))

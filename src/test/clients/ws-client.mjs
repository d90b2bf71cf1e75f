// usage: node ws-client.mjs PORT
import WebSocket from 'ws';
import { originalProtocol } from './flow.mjs';

await originalProtocol(WebSocket, `ws://127.0.0.1:${process.argv[2]}`);
console.log('flow complete');

// usage: node browser-client.mjs PORT CHROMIUM
import { chromium } from 'playwright-core';
import { originalProtocol } from './flow.mjs';

const [port, executablePath] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/health/live`);
  await page.evaluate(
    `(${originalProtocol})(WebSocket, 'ws://127.0.0.1:${port}')`,
  );
  console.log('flow complete');
  const event = await page.evaluate(async (base) => {
    const source = new EventSource(`${base}/events?channel=page`);
    const received = new Promise((resolve) => source.addEventListener('message', resolve));
    await new Promise((resolve) => source.addEventListener('open', resolve));
    await fetch(`${base}/broadcast`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ channel: 'page', data: 'by fetch' }),
    });
    const { data } = await received;
    source.close();
    return JSON.parse(data);
  }, `http://127.0.0.1:${port}`);
  if (event.data !== 'by fetch') throw new Error(`EventSource got ${JSON.stringify(event)}`);
  console.log('events complete');
} finally {
  await browser.close();
}

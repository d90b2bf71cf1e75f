import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const source = (path: string): string => fileURLToPath(new URL(`../src/${path}`, import.meta.url))

// The server reads the manifest, and keeps what is named there apart from the page by its hash.
export default defineConfig({
  base: './',
  plugins: [react()],
  build: { manifest: 'manifest.json', modulePreload: false },
  resolve: {
    alias: [
      { find: /^broadcast-socket-sdk\/react$/, replacement: source('react/index.ts') },
      { find: /^broadcast-socket-sdk$/, replacement: source('index.ts') },
    ],
  },
})

import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const source = (path: string): string => fileURLToPath(new URL(`../src/${path}`, import.meta.url))

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: [
      { find: /^broadcast-socket-sdk\/react$/, replacement: source('react/index.ts') },
      { find: /^broadcast-socket-sdk$/, replacement: source('index.ts') },
    ],
  },
})

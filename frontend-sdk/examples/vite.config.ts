import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

// All examples have one page: Vite's mode, which index.html can name, is the example's folder.
export default defineConfig(({ mode }) => ({
  root: path('.'),
  plugins: [react()],
  optimizeDeps: { entries: [path(`${mode}/main.tsx`)] },
  resolve: {
    alias: [
      { find: /^broadcast-socket-sdk\/react$/, replacement: path('../src/react/index.ts') },
      { find: /^broadcast-socket-sdk$/, replacement: path('../src/index.ts') },
    ],
  },
}))

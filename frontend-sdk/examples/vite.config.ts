import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

// All examples have one page: Vite's mode, which index.html can name, is the example's folder.
export default defineConfig(({ mode }) => {
  const example = path(`${mode}/main.tsx`)
  if (!existsSync(example)) throw new Error('Which one? npm run example -- chat | cursors | dashboard | notifications')
  return {
    root: path('.'),
    plugins: [react()],
    optimizeDeps: { entries: [example] },
    resolve: {
      alias: [
        { find: /^broadcast-socket-sdk\/react$/, replacement: path('../src/react/index.ts') },
        { find: /^broadcast-socket-sdk$/, replacement: path('../src/index.ts') },
      ],
    },
  }
})

import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

const react18 = fileURLToPath(new URL('./test/react-18/node_modules/', import.meta.url))

const hooks = {
  environment: 'jsdom',
  include: ['test/react/**/*.test.{ts,tsx}'],
  setupFiles: ['test/react-setup.ts'],
}

export default defineConfig({
  test: {
    exclude: [...configDefaults.exclude, 'test/react-18/**'],
    coverage: { include: ['src/**'] },
    projects: [
      {
        extends: true,
        test: { name: 'core', include: ['test/{core,testing,contract}/**/*.test.ts'] },
      },
      {
        extends: true,
        test: { name: 'demo', include: ['demo/**/*.test.ts'] },
      },
      {
        extends: true,
        // Of what is built and written: needs `npm run build`.
        test: { name: 'package', include: ['test/package/**/*.test.ts'] },
      },
      {
        extends: true,
        test: { ...hooks, name: 'react-19' },
      },
      {
        extends: true,
        resolve: {
          alias: [
            // Its module build, so that the imports of React in it are seen and get React 18, too.
            {
              find: /^@testing-library\/react$/,
              replacement: '@testing-library/react/dist/@testing-library/react.esm.js',
            },
            { find: /^(react|react-dom)(?=$|\/)/, replacement: `${react18}$1` },
          ],
        },
        test: {
          ...hooks,
          name: 'react-18',
          server: { deps: { inline: [/@testing-library\/react/] } },
        },
      },
    ],
  },
})

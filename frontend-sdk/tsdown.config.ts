import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { index: 'src/index.ts', react: 'src/react/index.ts', testing: 'src/testing/index.ts' },
  tsconfig: 'tsconfig.src.json',
  platform: 'neutral',
  target: 'es2022',
  format: 'esm',
  dts: { sourcemap: false },
  sourcemap: true,
  clean: true,
  // A name that stays: what all entries share, so that an error of one is an error of the other.
  hash: false,
  outputOptions: {
    minifyInternalExports: false,
    codeSplitting: { groups: [{ name: (id) => (id.endsWith('.d.ts') ? 'types.d' : 'core'), test: /src.core/ }] },
  },
})

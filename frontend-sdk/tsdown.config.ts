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
})

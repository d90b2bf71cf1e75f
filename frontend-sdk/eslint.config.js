import { existsSync } from 'node:fs'
import { defineConfig, globalIgnores } from 'eslint/config'
import hooks from 'eslint-plugin-react-hooks'
import ts from 'typescript-eslint'

const core = { group: ['**/react/**', '**/testing/**', 'react', 'react-dom'], message: 'The core knows no framework.' }
const testing = { group: ['**/testing/**'], message: 'Nothing of ./testing gets into an application.' }
const react = { group: ['**/react/**', 'react', 'react-dom'], message: 'The model of the server knows no framework.' }

// The benchmarks have packages of their own, and nothing of them has a type until they are installed.
const bench = existsSync(new URL('bench/node_modules', import.meta.url)) ? [] : ['bench']

export default defineConfig(
  globalIgnores(['dist', 'coverage', 'docs', ...bench]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A record has no place for the word that says what its keys are.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**', 'demo/**'],
    rules: { 'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }], 'no-console': 'error' },
  },
  { files: ['src/core/**', 'src/index.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [core] }] } },
  { files: ['src/react/**'], rules: { 'no-restricted-imports': ['error', { patterns: [testing] }] } },
  { files: ['src/testing/**'], rules: { 'no-restricted-imports': ['error', { patterns: [react] }] } },
  {
    files: ['{src,test}/react/**', '{demo,examples}/**/*.{ts,tsx}'],
    extends: [hooks.configs.flat['recommended-latest']],
  },
  {
    // Fakes are asynchronous without waiting, and empty; types are compared by functions that are never called.
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
)

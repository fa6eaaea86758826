import tseslint from 'typescript-eslint';

/** Walls are kept twice: here for the editor, in test/architecture for truth. */
const nativeModules = { name: 'better-sqlite3', message: 'Only collector/src/store/sqlite speaks to SQLite.' };
const forge = {
  group: ['node-forge', 'node-forge/*'],
  message: 'Only shared/src/x509 speaks DER, and only as a codec.',
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'shared/src/wire/generated/**',
      'quickstart-cluster/**',
      'coverage/**',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          './shared/tsconfig.json',
          './agent/tsconfig.json',
          './collector/tsconfig.json',
          './test/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: false }],
      'no-restricted-imports': ['error', { paths: [nativeModules], patterns: [forge] }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['collector/src/store/sqlite/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [forge] }] },
  },
  {
    files: ['shared/src/x509/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [nativeModules] }] },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-console': 'off',
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);

import { defineConfig } from 'vitest/config';

/** Tests read the sources: no build stands between a change and its test. Programs that are spawned come from dist. */
const source = { conditions: ['sealwatch-source', 'node', 'import', 'default'] };

export default defineConfig({
  ssr: { resolve: source },
  resolve: source,
  test: {
    projects: [
      ...['soak', 'chaos', 'load', 'peers'].map((name) => ({
        extends: true as const,
        test: { name, include: [`test/load/${name}.test.ts`], testTimeout: 7_200_000, hookTimeout: 300_000 },
      })),
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/{unit,contract,architecture,vectors,hostile,integration}/**/*.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'tamper',
          include: ['test/tamper/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});

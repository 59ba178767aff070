import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      {
        test: {
          name: 'engine',
          include: ['test/engine/**/*.test.ts'],
          // Each file forks an engine of its own; two at a time would share two cores and time out by chance.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'webview',
          include: ['test/webview/**/*.test.ts'],
          // Each file starts a Chromium of its own.
          fileParallelism: false,
          testTimeout: 60_000,
          // Chromium may have to be installed first.
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          name: 'vscode',
          include: ['test/vscode/*.test.ts'],
          globalSetup: ['test/vscode/harness/packaged.ts'],
          // Each file starts a VS Code of its own.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});

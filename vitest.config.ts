import { defineConfig } from 'vitest/config';

/** code-server, the VS Code of these tests, is installed with a Node that is built for Linux x64. */
const hasVsCode = process.platform === 'linux' && process.arch === 'x64';
if (!hasVsCode) console.warn('The tests in VS Code are left out: they run on Linux x64 alone.');

const inVsCode = {
  test: {
    name: 'vscode',
    include: ['test/vscode/*.test.ts'],
    globalSetup: ['test/vscode/harness/packaged.ts'],
    // Each file starts a VS Code of its own, and none of them beside another kind of test.
    fileParallelism: false,
    sequence: { groupOrder: 1 },
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
};

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
      ...(hasVsCode ? [inVsCode] : []),
    ],
  },
});

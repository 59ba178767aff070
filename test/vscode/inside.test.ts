import { build } from 'esbuild';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { artifacts } from './harness/folders.js';
import { installed } from './harness/packaged.js';
import { Server } from './harness/server.js';
import { until } from './harness/until.js';
import { sampleWorkspace, startBrowser } from './harness/workbench.js';
import type { Outcome } from './inside/index.js';

const LIMIT = 240_000;

/** The tests that call VS Code's own interface: they run in its extension host, beside the installed package. */
describe('inside the extension host', () => {
  let outcomes: Outcome[] = [];

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'steermoe-inside-'));
    const sample = sampleWorkspace(join(folder, 'sample'));
    const server = await Server.start({ name: 'inside', extensions: installed, smokeTestDriver: true });
    const browser = await startBrowser();
    try {
      const tests = await bundled(folder);
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.exposeFunction('codeAutomationLog', (_kind: string, given: unknown[]) => {
        appendFileSync(join(artifacts, 'inside-host.log'), `${format(...given)}\n`);
      });
      await page.exposeFunction('codeAutomationExit', () => undefined);
      const remote = (path: string): string => `vscode-remote://127.0.0.1:${server.port}${path}`;
      const payload = [
        ['extensionDevelopmentPath', remote(packageIn(server))],
        ['extensionTestsPath', remote(tests)],
      ];
      const query = `folder=${encodeURIComponent(sample)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
      await page.goto(`${server.url}/?${query}`);
      const done = join(folder, 'outcomes.json');
      await until('the tests have run', () => existsSync(done), LIMIT).catch(async (error: unknown) => {
        await page.screenshot({ path: join(artifacts, 'inside-failed.png') });
        throw error;
      });
      outcomes = JSON.parse(readFileSync(done, 'utf8')) as Outcome[];
      console.log(
        readFileSync(join(artifacts, 'inside-host.log'), 'utf8')
          .match(/^activation: .*$/gm)
          ?.join('\n'),
      );
    } finally {
      await browser.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, LIMIT + 60_000);

  it.each(['activation', 'pairsFiles', 'lists', 'engineLife'])('passes every test of %s', (suite) => {
    const of = outcomes.filter((outcome) => outcome.suite === suite);
    expect(of.length).toBeGreaterThan(2);
    expect(of.flatMap(({ test, error }) => (error === undefined ? [] : [`${test}\n${error}`]))).toEqual([]);
  });

  it('runs no suite that is not asked about here', () => {
    expect([...new Set(outcomes.map(({ suite }) => suite))]).toHaveLength(4);
  });
});

/** The suites in one CommonJS file, which VS Code's test runner loads. */
async function bundled(folder: string): Promise<string> {
  const outfile = join(folder, 'index.cjs');
  await build({
    entryPoints: ['test/vscode/inside/index.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    logLevel: 'warning',
  });
  return outfile;
}

function packageIn(server: Server): string {
  const extensions = join(server.folder, 'extensions');
  return join(
    extensions,
    readdirSync(extensions).find((name) => name.startsWith('steermoe.'))!,
  );
}

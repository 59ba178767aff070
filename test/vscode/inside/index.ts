/** What VS Code runs in its extension host: every suite, one test after the other. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { activation } from './activation.js';
import { engineLife } from './engineLife.js';
import { lists } from './lists.js';
import { pairsFiles } from './pairsFiles.js';
import type { Suite } from './suite.js';

const suites: Record<string, Suite> = { activation, pairsFiles, lists, engineLife };

export interface Outcome {
  suite: string;
  test: string;
  milliseconds: number;
  error?: string;
}

export async function run(): Promise<void> {
  const outcomes: Outcome[] = [];
  for (const [suite, tests] of Object.entries(suites))
    for (const [test, body] of Object.entries(tests)) {
      const started = performance.now();
      const error = await Promise.resolve()
        .then(body)
        .then(
          () => undefined,
          (thrown: unknown) => (thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)),
        );
      const milliseconds = Math.round(performance.now() - started);
      outcomes.push({ suite, test, milliseconds, ...(error !== undefined && { error }) });
      console.log(`${error === undefined ? 'ok' : 'FAILED'}  ${suite}: ${test} (${milliseconds} ms)`);
    }
  // Beside this file: the test that started VS Code waits for it.
  writeFileSync(join(__dirname, 'outcomes.json'), JSON.stringify(outcomes));
}

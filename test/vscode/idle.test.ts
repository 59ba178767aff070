import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PlaygroundView } from './harness/playgroundView.js';
import { openWindow } from './harness/window.js';

const SECONDS = 30;

/** Processor time that a process has used, in seconds. */
function used(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user! + system!) / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
}

describe('an extension that has nothing to do', () => {
  const window = openWindow('idle', { files: null });

  it('uses no processor time with charts, a playground and a model open', async () => {
    const { workbench, server } = window;
    await workbench.run('SteerMoE: Try the Demo');
    const playground = await PlaygroundView.of(workbench);
    await playground.frame.getByRole('button', { name: 'Send', exact: true }).click();
    await playground.ended();
    await workbench.page.waitForTimeout(3_000);
    const watched = { engine: server.engines()[0]!, 'extension host': server.extensionHosts()[0]! };
    const before = Object.values(watched).map(used);
    await workbench.page.waitForTimeout(SECONDS * 1_000);
    const after = Object.values(watched).map(used);
    const idle = Object.keys(watched).map((name, i) => [name, after[i]! - before[i]!] as const);
    for (const [name, seconds] of idle)
      console.log(`idle: ${name} ${seconds.toFixed(2)} s of processor in ${SECONDS} s`);
    // The engine waits for a message. The extension host is VS Code's, which keeps house in it: a tenth of one core
    // would be work of ours, such as a timer that draws.
    expect(idle[0]![1]).toBeLessThan(0.1);
    expect(idle[1]![1]).toBeLessThan(3);
  });
});

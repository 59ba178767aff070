import { resolve } from 'node:path';
import { writeFileAtomic } from '../../engine/atomicFile.js';
import { DemoFolder } from '../demo/demoFolder.js';
import { detectBehaviour, type Detected } from '../demo/detected.js';
import { measureAll } from '../demo/measurement.js';
import { measurementTables } from '../demo/measurementTables.js';
import { EXIT } from '../exitCode.js';
import { loadDemo } from '../demo/loadDemo.js';
import type { MachineOptions } from '../options.js';
import { ProgressLine } from '../show/progressLine.js';
import type { Surroundings } from '../surroundings.js';

export interface MeasureCommandOptions extends MachineOptions {
  from?: string;
  out?: string;
  prompts?: number;
  sets: number;
  json?: true;
}

/** `steermoe demo measure`: fills the tables of media/demo/README.md. */
export async function measure(around: Surroundings, options: MeasureCommandOptions): Promise<number> {
  const { terminal, signal } = around;
  const folder = new DemoFolder(options.from);
  const behaviours = await Promise.all((await folder.list()).map((id) => folder.behaviour(id)));
  const { engine, model } = await loadDemo(around, folder, options);
  const line = new ProgressLine(terminal.err);
  try {
    const detected: Detected[] = [];
    for (const behaviour of behaviours) {
      line.show(`Detecting ${behaviour.id}`);
      detected.push(await detectBehaviour(engine, model, behaviour, { signal }));
    }
    const measured = await measureAll(engine, model, detected, {
      sets: options.sets,
      prompts: options.prompts,
      signal,
      onProgress: (begun, total) => {
        line.show(`${begun.toLocaleString('en')} of ${total.toLocaleString('en')} answers`);
      },
    });
    line.end();
    const document = `${JSON.stringify({ model: model.fingerprint, measured }, null, 2)}\n`;
    if (options.out !== undefined) await writeFileAtomic(resolve(options.out), document);
    terminal.out.write(options.json ? document : measurementTables(measured));
    return EXIT.done;
  } finally {
    line.end();
  }
}

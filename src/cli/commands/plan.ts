import { basename, dirname, relative, resolve } from 'node:path';
import { parseExpertsFile } from '../../core/files/expertsFile.js';
import { HumanError } from '../../core/humanError.js';
import { formatSteeringFile } from '../../core/files/steeringFile.js';
import type { SteeringFile } from '../../core/plans/plan.js';
import { writeFileAtomic } from '../../engine/atomicFile.js';
import { EXIT } from '../exitCode.js';
import { makePlan, type TowardArguments } from '../planOptions.js';
import { readAs } from '../readText.js';
import { plainText } from '../show/plainText.js';
import { droppedText, planJson } from '../show/plan.js';
import type { Surroundings } from '../surroundings.js';

/** `steermoe plan EXPERTS --toward a|b --out F`: a list of experts and two numbers become a plan. */
export async function plan(
  { terminal }: Surroundings,
  expertsFile: string,
  options: TowardArguments & { out: string; json?: true },
): Promise<number> {
  const list = await readAs(expertsFile, parseExpertsFile);
  const from = relative(dirname(resolve(options.out)), resolve(expertsFile)).replaceAll('\\', '/');
  const { plan: made, dropped, origin } = makePlan(list, from, options);
  if (made.activated.length + made.deactivated.length === 0)
    throw new HumanError(
      'plan-invalid',
      `No expert of ${basename(expertsFile)} fits: the plan would steer nothing.`,
      'Ask for more experts, or widen --layers and --max-q.',
    );
  const file: SteeringFile = {
    version: 1,
    model: { ...list.model.fingerprint, name: list.model.name },
    plan: made,
    origin,
  };
  await writeFileAtomic(resolve(options.out), formatSteeringFile(file));
  if (dropped.length > 0) terminal.err.write(droppedText(dropped));
  if (options.json) {
    terminal.out.write(
      `${JSON.stringify({ out: options.out, toward: origin.toward, plan: planJson(made, dropped) })}\n`,
    );
    return EXIT.done;
  }
  const label = plainText(list.labels[origin.toward!]);
  terminal.out.write(
    `Toward ${origin.toward} (${label}): ${made.activated.length} experts activated, ` +
      `${made.deactivated.length} deactivated\nWritten: ${options.out}\n`,
  );
  return EXIT.done;
}

import { parseExpertsFile } from '../../core/files/expertsFile.js';
import { HumanError } from '../../core/humanError.js';
import type { Problem } from '../../core/pairs/pair.js';
import { parsePairs } from '../../core/pairs/parsePairs.js';
import { parseSteeringFile } from '../../core/files/steeringFile.js';
import { EXIT } from '../exitCode.js';
import { readBytes } from '../readText.js';
import { countProblems, problemLine } from '../show/problems.js';
import type { Surroundings } from '../surroundings.js';

/** `steermoe check FILE...`: problems by file, line and column; warnings alone do not fail. */
export async function check({ terminal }: Surroundings, files: string[], options: { json?: true }): Promise<number> {
  const checked: { file: string; pairs?: number; problems: Problem[] }[] = [];
  for (const file of files) checked.push({ file, ...(await checkFile(file)) });
  const problems = checked.flatMap((one) => one.problems);
  if (options.json) terminal.out.write(`${JSON.stringify(checked, null, 2)}\n`);
  else {
    for (const one of checked) for (const problem of one.problems) terminal.out.write(problemLine(one.file, problem));
    terminal.err.write(problems.length === 0 ? 'No problems.\n' : `${countProblems(problems)}.\n`);
  }
  return problems.some(({ severity }) => severity === 'error') ? EXIT.problems : EXIT.done;
}

async function checkFile(file: string): Promise<{ pairs?: number; problems: Problem[] }> {
  try {
    const bytes = await readBytes(file);
    if (/\.experts\.json$/i.test(file)) parseExpertsFile(new TextDecoder().decode(bytes));
    else if (/\.steering\.json$/i.test(file)) parseSteeringFile(new TextDecoder().decode(bytes));
    else {
      const { set, problems } = parsePairs(bytes, file);
      return { pairs: set.pairs.length, problems };
    }
    return { problems: [] };
  } catch (error) {
    if (!(error instanceof HumanError)) throw error;
    return { problems: [problemOf(error)] };
  }
}

/** Errors of JSON files name their place in words: "... (line 3, column 5): ...". */
export function problemOf({ message, next }: HumanError): Problem {
  const place = /\(line (\d+), column (\d+)\)/.exec(message);
  const text = `${message} ${next}`;
  return { line: Number(place?.[1] ?? 1), column: Number(place?.[2] ?? 1), message: text, severity: 'error' };
}

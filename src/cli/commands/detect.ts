import { resolve } from 'node:path';
import type { ExpertsFile, ExpertStatistic } from '../../core/statistics/expertStatistics.js';
import { HumanError } from '../../core/humanError.js';
import type { Problem } from '../../core/pairs/pair.js';
import { parsePairs } from '../../core/pairs/parsePairs.js';
import { chosenThinking } from '../../core/thinking.js';
import { rankExperts } from '../../core/statistics/rankExperts.js';
import { runDetection } from '../../engine/detectionJob.js';
import { EXIT } from '../exitCode.js';
import { loadModel } from '../loadModel.js';
import type { MachineOptions, ThinkingOptions } from '../options.js';
import { readBytes } from '../readText.js';
import { expertTable } from '../show/expertTable.js';
import { plainText } from '../show/plainText.js';
import { problemLine } from '../show/problems.js';
import { ProgressLine, progressText } from '../show/progressLine.js';
import type { Surroundings } from '../surroundings.js';

export interface DetectOptions extends MachineOptions, ThinkingOptions {
  model: string;
  out?: string;
  routing?: string;
  limit?: number;
  json?: true;
}

/** `steermoe detect PAIRS`: which experts tell the two sides apart. Exit code 1 where some line could not be used. */
export async function detect(around: Surroundings, pairsFile: string, options: DetectOptions): Promise<number> {
  const { terminal, signal } = around;
  const { set, problems } = parsePairs(await readBytes(pairsFile), pairsFile);
  const report = (problem: Problem): void => {
    terminal.err.write(problemLine(pairsFile, problem));
  };
  problems.forEach(report);
  if (set.pairs.length === 0)
    throw new HumanError(
      'pairs-invalid',
      `${pairsFile} has no pairs that can be used.`,
      'Add a line such as {"prompt": "...", "a": "...", "b": "..."}.',
    );
  const out = options.out ?? expertsPath(pairsFile);
  const { engine, model } = await loadModel(around, options.model, options, { lanes: 1 });
  const thinking = chosenThinking(model, options.thinking);
  const line = new ProgressLine(terminal.err);
  const late: Problem[] = [];
  try {
    const { file, statistics, resumed } = await runDetection({
      engine,
      model,
      set,
      pairsFile: resolve(pairsFile),
      out: resolve(out),
      limit: options.limit,
      thinking,
      routing: options.routing === undefined ? undefined : resolve(options.routing),
      signal,
      onProgress: (progress) => {
        line.show(progressText(progress));
      },
      onProblem: (problem) => late.push(problem),
    });
    line.end();
    if (resumed > 0) terminal.err.write(`${resumed} of ${file.pairs.count} pairs were there from an earlier run.\n`);
    const ranked = rankExperts(statistics);
    terminal.out.write(options.json ? `${JSON.stringify(detectJson(file, ranked))}\n` : detectText(file, ranked, out));
  } finally {
    line.end();
    late.forEach(report);
  }
  const bad = [...problems, ...late].some(({ severity }) => severity === 'error');
  if (bad) terminal.err.write('steermoe: Some lines could not be used; the result is of the others.\n');
  return bad ? EXIT.problems : EXIT.done;
}

/** Where a result goes that was given no place: beside the pairs. */
export function expertsPath(pairsFile: string): string {
  return `${pairsFile.replace(/(\.pairs)?\.(jsonl|json|csv)$/i, '')}.experts.json`;
}

export function detectJson(file: ExpertsFile, ranked: readonly ExpertStatistic[]) {
  return {
    name: file.name,
    labels: file.labels,
    model: file.model,
    pairs: file.pairs.count,
    tokens: file.tokens,
    ...(file.options.thinking && { thinking: file.options.thinking }),
    experts: ranked.map(({ layer, expert, a, b, rateA, rateB, riskDifference, low, high, q }) => ({
      layer,
      expert,
      a,
      b,
      rateA,
      rateB,
      riskDifference,
      low,
      high,
      q,
    })),
  };
}

function detectText(file: ExpertsFile, ranked: readonly ExpertStatistic[], out: string): string {
  const { a, b } = file.labels;
  const { thinking } = file.options;
  return plainText(
    `${file.name}: ${file.pairs.count} pairs, ${file.tokens.a} target tokens of a (${a}), ${file.tokens.b} of b (${b})${thinking ? `; thinking ${thinking}` : ''}\n` +
      `${expertTable(ranked, 10, file.labels)}Written: ${out}\n`,
  );
}

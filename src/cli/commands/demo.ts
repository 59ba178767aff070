import { EMPTY_PLAN } from '../../core/plans/plan.js';
import { rankExperts } from '../../core/statistics/rankExperts.js';
import { ask, measured, type Answer, type Condition } from '../demo/condition.js';
import { DemoFolder } from '../demo/demoFolder.js';
import { detectBehaviour, type Detected } from '../demo/detected.js';
import { loadDemo } from '../demo/loadDemo.js';
import { rateText, share } from '../demo/wilson.js';
import { EXIT } from '../exitCode.js';
import type { MachineOptions } from '../options.js';
import { alignRight, expertTable } from '../show/expertTable.js';
import { heatMap } from '../show/heatMap.js';
import { padTo, plainText, wrapText } from '../show/plainText.js';
import { ProgressLine, progressText } from '../show/progressLine.js';
import type { Surroundings } from '../surroundings.js';

const SHOWN = 'digits-or-words';
const TOP = 8;
/** Held-out prompts that are asked, and how many of them are printed. */
const ASKED = 48;
const PRINTED = 5;

/** `steermoe demo`: detect, rank, draw, steer and count, in a few seconds and without a download. */
export async function demo(around: Surroundings, options: MachineOptions & { from?: string }): Promise<number> {
  const { terminal, signal } = around;
  const { out } = terminal;
  const folder = new DemoFolder(options.from);
  const behaviour = await folder.behaviour(SHOWN);
  const { engine, model } = await loadDemo(around, folder, options);
  const { moeLayers, experts, expertsPerToken } = model;
  out.write(`${model.name}: ${moeLayers.length} MoE layers x ${experts} experts, ${expertsPerToken} used a token\n\n`);
  const line = new ProgressLine(terminal.err);
  try {
    const detected = await detectBehaviour(engine, model, behaviour, {
      signal,
      onProgress: (progress) => {
        line.show(progressText(progress));
      },
    });
    line.end();
    out.write(detectedText(detected, around));
    const conditions = conditionsOf(detected);
    const answers = await ask(engine, conditions, behaviour.heldOut.slice(0, ASKED), {
      signal,
      onDone: (begun) => {
        line.show(`${begun} of ${ASKED * conditions.length} answers`);
      },
    });
    line.end();
    out.write(answersText(conditions, answers, out.columns));
    out.write(ratesText(detected, conditions, answers));
    return EXIT.done;
  } finally {
    line.end();
  }
}

function detectedText({ behaviour, statistics, tokens }: Detected, { terminal }: Surroundings): string {
  const { labels, pairs } = behaviour.set;
  return (
    `Which experts tell ${labels.a} from ${labels.b}? ${pairs.length} pairs, ` +
    `${tokens.a} and ${tokens.b} target tokens.\n\n` +
    `${expertTable(rankExperts(statistics), TOP, labels)}\n${heatMap(statistics, labels, terminal)}\n`
  );
}

function conditionsOf({ behaviour, plans }: Detected): Condition[] {
  const { a, b } = behaviour.set.labels;
  return [
    { id: 'unsteered', plan: EMPTY_PLAN },
    { id: `toward ${a}`, plan: plans.a },
    { id: `toward ${b}`, plan: plans.b },
  ];
}

/** A few prompts with the answers of every condition beside each other. */
function answersText(
  conditions: readonly Condition[],
  answers: ReadonlyMap<string, readonly Answer[]>,
  columns: number,
): string {
  const width = Math.max(16, Math.floor(Math.min(columns, 120) / (conditions.length + 1)) - 2);
  const row = (cells: readonly string[]): string => {
    const wrapped = cells.map((cell) => wrapText(plainText(cell), width));
    const height = Math.max(...wrapped.map(({ length }) => length));
    return Array.from({ length: height }, (_, i) => {
      const line = wrapped.map((lines) => padTo(lines[i] ?? '', width)).join('  ');
      return `${line.trimEnd()}\n`;
    }).join('');
  };
  const lists = conditions.map(({ id }) => answers.get(id) ?? []);
  const rows = Array.from({ length: PRINTED }, (_, i) =>
    row([lists[0]?.[i]?.prompt ?? '', ...lists.map((list) => list[i]?.text ?? '')]),
  );
  const head = row(['held-out prompt', ...conditions.map(({ id }) => id)]);
  return `${head}${'-'.repeat((width + 2) * (conditions.length + 1) - 2)}\n${rows.join('')}\n`;
}

function ratesText(
  { behaviour }: Detected,
  conditions: readonly Condition[],
  answers: ReadonlyMap<string, readonly Answer[]>,
): string {
  const { a, b } = behaviour.set.labels;
  const rows = conditions.map(({ id }) => {
    const rates = measured(answers.get(id) ?? []);
    return [id, rateText(rates.a), rateText(rates.b), share(rates.wellFormed.rate), ''];
  });
  return (
    `Rates over ${ASKED} held-out prompts at temperature 1, with Wilson 95 % intervals:\n\n` +
    alignRight([['', a, b, 'well-formed', ''], ...rows])
  );
}

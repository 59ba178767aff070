import { HumanError } from '../../core/humanError.js';
import { SIDES } from '../../core/pairs/pair.js';
import { parsePairs } from '../../core/pairs/parsePairs.js';
import { chosenThinking } from '../../core/thinking.js';
import { comparedText, renderedText } from '../../engine/renderedText.js';
import { EXIT } from '../exitCode.js';
import { loadModel } from '../loadModel.js';
import type { MachineOptions, ThinkingOptions } from '../options.js';
import { readBytes } from '../readText.js';
import { plainText } from '../show/plainText.js';
import { problemLine } from '../show/problems.js';
import type { Surroundings } from '../surroundings.js';

export interface RenderOptions extends MachineOptions, ThinkingOptions {
  model: string;
  pair: number;
  json?: true;
}

/** `steermoe render PAIRS`: both sides of a pair as detection reads them, with the target span marked. */
export async function render(around: Surroundings, pairsFile: string, options: RenderOptions): Promise<number> {
  const { terminal } = around;
  const { set, problems } = parsePairs(await readBytes(pairsFile), pairsFile);
  for (const problem of problems) terminal.err.write(problemLine(pairsFile, problem));
  const pair = set.pairs[options.pair - 1];
  if (!pair)
    throw new HumanError(
      'pairs-invalid',
      `${pairsFile} has ${set.pairs.length} pairs that can be used, and no pair ${options.pair}.`,
      'Name another with --pair.',
    );
  const { engine, model } = await loadModel(around, options.model, options, { lanes: 1 });
  const thinking = chosenThinking(model, options.thinking);
  const sides = [];
  for (const side of SIDES) {
    const { messages, target } = pair[side];
    sides.push(await engine.render({ messages, target, generationPrompt: false, ...(thinking && { thinking }) }));
  }
  if (options.json) {
    const [a, b] = sides.map((side) => {
      const { text, tokens } = side;
      return { text, tokens: tokens.length, target: comparedText(side) };
    });
    const document = { pair: options.pair, line: pair.line, ...(thinking && { thinking }), labels: set.labels, a, b };
    terminal.out.write(`${JSON.stringify(document)}\n`);
  } else {
    const shown = sides.map((side, i) => renderedText(set.labels[SIDES[i]!], side));
    terminal.out.write(plainText(`${thinking ? `thinking: ${thinking}\n` : ''}${shown.join('\n')}`));
  }
  return EXIT.done;
}

import { needOnCpu } from '../../core/memory/modelMemory.js';
import { gigabytes, memoryWarning } from '../../core/memory/memoryWords.js';
import type { ModelDescription } from '../../core/model.js';
import { thinkingWords } from '../../core/thinking.js';
import { computerMemory } from '../../engine/computerMemory.js';
import { EXIT } from '../exitCode.js';
import { findModel } from '../findModel.js';
import { plainText } from '../show/plainText.js';
import type { Surroundings } from '../surroundings.js';

/** `steermoe info MODEL`: what a model's file says of itself, without loading its weights. */
export async function info(
  { terminal, engine }: Surroundings,
  model: string,
  options: { json?: true; context: number },
): Promise<number> {
  const path = await findModel(model);
  const description = await engine('cpu').inspect(path);
  const needed = needOnCpu(await engine('cpu').readMemory(path), options.context);
  const warning = memoryWarning(needed.cpu, await computerMemory());
  if (options.json) {
    terminal.out.write(`${JSON.stringify({ ...infoJson(path, description), memory: needed }, null, 2)}\n`);
    return EXIT.done;
  }
  terminal.out.write(infoText(description) + memoryText(needed));
  if (warning !== undefined) terminal.err.write(`steermoe: The model ${warning}.\n`);
  return EXIT.done;
}

function memoryText({ cells, weights, cache, cpu }: ReturnType<typeof needOnCpu>): string {
  const parts = `weights ${gigabytes(weights)}, cache of ${cells.toLocaleString('en')} tokens ${gigabytes(cache)}`;
  return `${'memory'.padEnd(18)} about ${gigabytes(cpu)}: ${parts}, the engine ${gigabytes(cpu - weights - cache)}\n`;
}

export function infoJson(path: string, description: ModelDescription) {
  const { trainedContext: context, ...rest } = description;
  return { path, ...rest, context };
}

export function infoText(model: ModelDescription): string {
  const { moeLayers, layers, trainedContext, chatTemplate } = model;
  const range = moeLayers.length === 0 ? '' : ` (${moeLayers[0]}-${moeLayers.at(-1)} of ${layers} blocks)`;
  const rows: [string, string][] = [
    ['name', plainText(model.name)],
    ['architecture', plainText(model.architecture)],
    ['MoE layers', `${moeLayers.length}${range}`],
    ['experts', `${model.experts} a layer, ${moeLayers.length * model.experts} in all`],
    ['experts per token', String(model.expertsPerToken)],
    ['context', `${trainedContext.toLocaleString('en')} tokens`],
    [
      'chat template',
      chatTemplate === null ? 'none: it cannot chat, and detection needs one' : templateName(chatTemplate),
    ],
    ...(model.chatTemplate === null
      ? []
      : [['thinking', plainText(thinkingWords(model.thinking))] as [string, string]]),
    ['size', `${bytes(model.bytes)}, ${parameters(model.parameters)} parameters, ${model.quantization}`],
  ];
  return rows.map(([what, value]) => `${what.padEnd(18)} ${value}\n`).join('');
}

function templateName(template: string): string {
  const families: [string, string][] = [
    ['<|im_start|>', 'ChatML'],
    ['[INST]', 'Mistral'],
    ['<|start_header_id|>', 'Llama 3'],
    ['<start_of_turn>', 'Gemma'],
    ['<|channel|>', 'Harmony'],
  ];
  const family = families.find(([mark]) => template.includes(mark))?.[1];
  return family === undefined ? 'yes' : `yes (${family})`;
}

function bytes(count: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

function parameters(count: number): string {
  return count >= 1e9 ? `${(count / 1e9).toFixed(1)} billion` : `${(count / 1e6).toFixed(1)} million`;
}

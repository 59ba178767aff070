import { memoryWarning, gigabytes } from '../../core/memory/memoryWords.js';
import { needOnCpu, type ModelMemory } from '../../core/memory/modelMemory.js';
import type { ModelDescription } from '../../core/model.js';
import type { Origin } from '../../engine/models/knownModel.js';
import type { Failure } from '../../protocol/webview.js';

/** What is known of a model file before it is loaded. */
export type Inspection = InspectedModel | { failure: Failure };

export interface InspectedModel {
  description: ModelDescription;
  memory: ModelMemory;
}

/** What a model runs in: the tokens of context that the user asks for (0: the default), and the memory in bytes. */
export interface Room {
  context: number;
  total: number;
}

/** "qwen3moe 4x32 top-4". */
export function shapeWords({ architecture, moeLayers, experts, expertsPerToken }: ModelDescription): string {
  return `${architecture} ${moeLayers.length}x${experts} top-${expertsPerToken}`;
}

/** "4.2 GB". */
export function sizeWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** What stands behind the name in the Models view. */
export function modelWords(
  inspection: Inspection | undefined,
  { bytes, origin }: { bytes: number; origin: Origin },
  room: Room,
): string {
  return [
    ...(inspection && 'description' in inspection ? [shapeWords(inspection.description)] : []),
    sizeWords(bytes),
    ...(inspection ? notes(inspection, room) : []),
    ...originWords(origin),
  ].join(' · ');
}

function notes(inspection: Inspection, { context, total }: Room): string[] {
  if ('failure' in inspection) return [failedWords(inspection.failure)];
  // What is free changes all the time; what never fits is worth a word in a list.
  const warning = memoryWarning(needOnCpu(inspection.memory, context).cpu, { total, free: Infinity });
  return warning === undefined ? [] : [warning];
}

function originWords(origin: Origin): string[] {
  if (origin === 'download') return ['downloaded'];
  return origin === 'demo' || origin === 'workspace' || origin === 'folder' ? [] : [origin];
}

function failedWords({ reason }: Failure): string {
  if (reason === 'model-dense') return 'dense: no experts';
  if (reason === 'model-unsupported') return 'not supported';
  return reason === 'model-invalid' ? 'broken' : 'cannot be read';
}

/** Lines of the tooltip. */
export function modelDetails(path: string, inspection: Inspection | undefined, context = 0): string[] {
  if (!inspection) return [path];
  if ('failure' in inspection) return [inspection.failure.message, inspection.failure.next];
  const { description: model } = inspection;
  return [
    model.name,
    `${model.architecture}: ${model.moeLayers.length} MoE layers x ${model.experts} experts, top-${model.expertsPerToken}`,
    `${model.quantization}, ${sizeWords(model.bytes)}, trained for ${model.trainedContext.toLocaleString('en')} tokens`,
    `Needs about ${gigabytes(needOnCpu(inspection.memory, context).cpu)} of memory on the processor`,
    model.chatTemplate === null ? 'No chat template: it can be neither asked nor used for detection.' : path,
  ];
}

import type { ModelDescription } from '../../core/model.js';
import type { Failure } from '../../protocol/webview.js';

/** What is known of a model file before it is loaded. */
export type Inspection = { description: ModelDescription } | { failure: Failure };

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
export function modelWords(inspection: Inspection | undefined, bytes: number): string {
  if (!inspection) return sizeWords(bytes);
  if ('failure' in inspection) return `${sizeWords(bytes)} · ${failedWords(inspection.failure)}`;
  return `${shapeWords(inspection.description)} · ${sizeWords(bytes)}`;
}

function failedWords({ reason }: Failure): string {
  if (reason === 'model-dense') return 'dense: no experts';
  if (reason === 'model-unsupported') return 'not supported';
  return reason === 'model-invalid' ? 'broken' : 'cannot be read';
}

/** Lines of the tooltip. */
export function modelDetails(path: string, inspection: Inspection | undefined): string[] {
  if (!inspection) return [path];
  if ('failure' in inspection) return [inspection.failure.message, inspection.failure.next];
  const { description: model } = inspection;
  return [
    model.name,
    `${model.architecture}: ${model.moeLayers.length} MoE layers x ${model.experts} experts, top-${model.expertsPerToken}`,
    `${model.quantization}, ${sizeWords(model.bytes)}, trained for ${model.trainedContext.toLocaleString('en')} tokens`,
    model.chatTemplate === null ? 'No chat template: it can be neither asked nor used for detection.' : path,
  ];
}

import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { GgufFileType } from 'node-llama-cpp';
import { HumanError } from '../../core/humanError.js';
import type { ModelDescription } from '../../core/model.js';
import type { ThinkingSwitch } from '../../core/thinking.js';
import { unsupported } from './architectures.js';
import { aboutFile } from './gguf/brokenModel.js';
import { checkTemplateBounds } from './gguf/chatTemplateBounds.js';
import { Fault } from './gguf/fault.js';
import type { GgufFile } from './gguf/ggufFile.js';
import { checkHyperparameters } from './gguf/hyperparameters.js';
import { CHAT_TEMPLATE } from './gguf/metadata.js';
import { readModelParts } from './gguf/modelParts.js';
import type { Tensor } from './gguf/tensorTable.js';
import { checkWeightTypes } from './gguf/weightTypes.js';
import { ChatTemplate } from './template.js';

export interface Inspection {
  description: ModelDescription;
}

const ROUTER = /^blk\.(\d+)\.ffn_gate_inp\.weight$/;

/** A table from token to experts: the router of such a layer only weighs what the table has chosen. */
const EXPERT_TABLE = /^blk\.(\d+)\.ffn_gate_tid2eid\.weight$/;

/** Bytes of each router that go into the fingerprint: enough to tell a fine-tune from its base, quick to read. */
const ROUTER_SAMPLE = 4096;

/**
 * Reads what a GGUF says of itself, without its weights, and checks it before llama.cpp sees it: a broken file could
 * end the whole process there. Throws HumanError for what is broken and for what is no MoE model.
 */
export function inspect(path: string): Inspection {
  const parts = readModelParts(path);
  return aboutFile(path, () => describe(path, parts));
}

function describe(path: string, parts: readonly GgufFile[]): Inspection {
  const { metadata } = parts[0]!;
  const tensors = parts.flatMap((part) => part.tensors);
  const architecture = metadata.text('general.architecture');
  if (architecture === undefined || architecture === '') throw new Fault('its metadata name no architecture');
  const count = (key: string): number => metadata.count(`${architecture}.${key}`);
  const layers = count('block_count');
  const executed = layers - count('nextn_predict_layers');
  if (executed < 1 || tensors.length === 0) throw new Fault('it holds no layers');
  const moeLayers = routedLayers(tensors, executed);
  if (moeLayers.length === 0) throw dense(path, architecture);
  checkHyperparameters(architecture, metadata);
  checkWeightTypes(tensors);
  const name = metadata.text('general.name') ?? '';
  const template = metadata.text(CHAT_TEMPLATE) ?? '';
  checkTemplateBounds(template);
  const experts = count('expert_count');
  const expertsPerToken = count('expert_used_count');
  const used = metadata.numbers(`${architecture}.expert_used_count`);
  if (used.length > 1 && new Set(moeLayers.map((layer) => used[layer])).size > 1)
    throw unsupported(`${path} uses different numbers of experts per token in its layers, which is not supported.`);
  const description: ModelDescription = {
    architecture,
    name: name === '' ? basename(path, '.gguf') : name,
    moeLayers,
    layers,
    experts,
    expertsPerToken,
    fingerprint: { architecture, layers, experts, expertsPerToken, tensors: tensorHash(parts) },
    trainedContext: count('context_length'),
    parameters: tensors.reduce((sum, tensor) => sum + tensor.elements, 0),
    bytes: parts.reduce((sum, part) => sum + part.size, 0),
    quantization: quantizationName(metadata.numbers('general.file_type')[0]),
    chatTemplate: template === '' ? null : template,
  };
  const thinking = thinkingSwitch(description.chatTemplate);
  if (thinking) description.thinking = thinking;
  return { description };
}

/** How the template switches thinking; undefined where it does not, or is broken: its first use says so. */
function thinkingSwitch(source: string | null): ThinkingSwitch | undefined {
  if (source === null) return undefined;
  try {
    const thinking = new ChatTemplate({ source, bos: '', eos: '' }).thinking;
    return thinking && { variable: thinking.variable, modes: thinking.modes };
  } catch {
    return undefined;
  }
}

function routedLayers(tensors: readonly Tensor[], executed: number): number[] {
  const chosen = new Set(tensors.map((tensor) => Number(EXPERT_TABLE.exec(tensor.name)?.[1] ?? -1)));
  return tensors
    .map((tensor) => Number(ROUTER.exec(tensor.name)?.[1] ?? -1))
    .filter((layer) => layer >= 0 && layer < executed && !chosen.has(layer))
    .sort((one, other) => one - other);
}

/** SHA-256 over the tensor table and the start of each router's weights. */
function tensorHash(parts: readonly GgufFile[]): string {
  const hash = createHash('sha256');
  for (const { path, tensors } of parts) {
    const file = openSync(path, 'r');
    try {
      for (const { name, type, shape, elements, position } of tensors) {
        hash.update(`${name} ${type} ${shape.join('x')}\n`);
        if (!ROUTER.test(name)) continue;
        const sample = Buffer.alloc(Math.min(ROUTER_SAMPLE, elements));
        hash.update(sample.subarray(0, readSync(file, sample, 0, sample.length, position)));
      }
    } finally {
      closeSync(file);
    }
  }
  return hash.digest('hex');
}

/** For instance "Q4_K_M", from the GGUF's file type. */
function quantizationName(fileType = -1): string {
  const names = GgufFileType as unknown as Record<number, string | undefined>;
  return (names[fileType] ?? 'unknown').replace(/^(MOSTLY|ALL)_/, '');
}

function dense(path: string, architecture: string): HumanError {
  return new HumanError(
    'model-dense',
    `${path} is a dense ${architecture} model: it has no routers and no experts, so there is nothing to detect or steer.`,
    'Choose a Mixture-of-Experts model, for instance OLMoE, Qwen3-30B-A3B, Mixtral or gpt-oss.',
  );
}

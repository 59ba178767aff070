import type { NativeContext, NativeModel, StepResult, TapOptions, WatchedNode } from '../../native/tap.d.ts';
import type { ModelDescription } from '../../src/core/model.js';
import { requireSupported } from '../../src/engine/process/architectures.js';
import { inspect } from '../../src/engine/process/inspect.js';
import { probeRouters } from '../../src/engine/process/routerProbe.js';
import type { Family } from '../fixtures/families/family.js';
import { ensureFamily } from '../fixtures/families/write.js';
import { readGguf } from '../fixtures/gguf/read.js';
import { openModel } from './tapUnderTest.js';

/** llama.cpp's nodes, the experts' weights in the order in which they are made: the last one there is used. */
const WEIGHTS = ['ffn_moe_weights', 'ffn_moe_weights_softmax', 'ffn_moe_weights_norm', 'ffn_moe_weights_scaled'];
const LOGITS = 'ffn_moe_logits';
const SELECTION = 'ffn_moe_topk';
export const WATCHED = [LOGITS, SELECTION, ...WEIGHTS];

export interface OpenFamily {
  path: string;
  native: NativeModel;
  description: ModelDescription;
  tap: TapOptions;
  /** Sequences may share a batch and its prefix. */
  sharesBatch: boolean;
  oneSequence: boolean;
  /** By llama.cpp's block number; undefined where the layer has none. */
  biases: Map<number, { router?: Float32Array | undefined; selection?: Float32Array | undefined }>;
}

/** Generates and loads the family's model, and has the product find out where it routes. */
export async function openFamily(family: Family): Promise<OpenFamily> {
  const path = await ensureFamily(family);
  const { description } = inspect(path);
  const native = await openModel(path);
  const { moeLayers, experts, expertsPerToken } = description;
  const found = await probeRouters(native, description, 1);
  const tap = { ...found, layers: Int32Array.from(moeLayers), experts, expertsPerToken };
  const { tensors } = await readGguf(path, (name) => /bias|exp_probs_b/.test(name));
  const tensor = (name: string): Float32Array | undefined => tensors.get(name)?.values;
  const biases = new Map(
    moeLayers.map((layer) => [
      layer,
      {
        router: tensor(`blk.${layer}.ffn_gate_inp.bias`),
        selection: tensor(`blk.${layer}.exp_probs_b.bias`) ?? tensor(`blk.${layer}.exp_probs_b`),
      },
    ]),
  );
  const { oneSequence } = requireSupported(family.architecture);
  return { path, native, description, tap, biases, oneSequence, sharesBatch: !native.recurrent && !oneSequence };
}

export function familyContext(
  { native, tap, oneSequence }: OpenFamily,
  options: { tapped?: boolean; watch?: string[] } = {},
): NativeContext {
  return native.createContext({
    contextSize: 512,
    batchSize: 128,
    outputs: 128,
    sequences: oneSequence ? 1 : 2,
    threads: 1,
    ...(options.tapped !== false && { tap }),
    ...(options.watch && { watch: options.watch }),
  });
}

/** What llama.cpp itself computed in one layer, by token. */
export interface WatchedLayer {
  logits: Float32Array[];
  selected: number[][];
  weights: number[][];
  /** Selections of the same layer beyond the first one: some architectures select twice. */
  more: number[][];
}

export function watchedLayer({ watched }: StepResult, layer: number): WatchedLayer {
  const of = (name: string): WatchedNode[] => watched!.filter((node) => node.layer === layer && node.name === name);
  const last = WEIGHTS.findLast((name) => of(name).length > 0)!;
  const [selection, ...others] = of(SELECTION);
  const k = selection!.shape[0]!;
  const ids = (node: WatchedNode): number[][] => cut([...node.values], node.shape[0]!);
  const logits = of(LOGITS)[0]!;
  return {
    logits: cut(logits.values as Float32Array, logits.shape[0]!),
    selected: ids(selection!),
    weights: cut([...of(last)[0]!.values], k),
    more: others.flatMap(ids),
  };
}

function cut<T extends number[] | Float32Array>(all: T, width: number): T[] {
  return Array.from({ length: all.length / width }, (_, row) => all.slice(row * width, (row + 1) * width) as T);
}

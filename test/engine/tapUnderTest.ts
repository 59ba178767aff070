import type { Batch, NativeContext, NativeModel, TapOptions } from '../../native/tap.d.ts';
import { startRuntime } from '../../src/engine/process/addon.js';
import { ensureModel } from '../fixtures/models/ensure.js';
import { moeLayers, type ModelSpec } from '../fixtures/models/spec.js';

/** One column of a step; what is left out is not asked for. */
export interface Column {
  token: number;
  position: number;
  sequences: number[];
  output?: boolean;
  plan?: number;
  sampler?: number;
  counters?: number[];
  routing?: boolean;
}

/** A step of these columns as the addon takes it. */
export function step(columns: Column[], options: Pick<Batch, 'counterCount' | 'scores' | 'routersOnly'> = {}): Batch {
  const pairs = (read: (column: Column) => number[]): Int32Array =>
    Int32Array.from(columns.flatMap((column) => [read(column)[0] ?? -1, read(column)[1] ?? -1]));
  return {
    tokens: Int32Array.from(columns, ({ token }) => token),
    positions: Int32Array.from(columns, ({ position }) => position),
    sequences: pairs(({ sequences }) => sequences),
    outputs: Uint8Array.from(columns, ({ output }) => (output ? 1 : 0)),
    plans: Int16Array.from(columns, ({ plan }) => plan ?? -1),
    samplers: Int16Array.from(columns, ({ sampler }) => sampler ?? -1),
    ...(options.counterCount !== undefined && { counters: pairs(({ counters }) => counters ?? []) }),
    ...(columns.some(({ routing }) => routing) && {
      routing: Uint8Array.from(columns, ({ routing }) => (routing ? 1 : 0)),
    }),
    ...options,
  };
}

/** Token ids that look random and are the same each time. */
export function someTokens(count: number, seed = 1): number[] {
  return Array.from({ length: count }, (_, i) => 10 + ((i * 7919 + seed * 104729 + i * i * 31) % 200));
}

/** A lane of these tokens from position `from` on; every column is what `extra` says. */
export function lane(tokens: number[], sequences: number[], extra: Partial<Column> = {}, from = 0): Column[] {
  return tokens.map((token, i) => ({ token, position: from + i, sequences, ...extra }));
}

export function tapOf(spec: ModelSpec): TapOptions {
  const layers = Int32Array.from(moeLayers(spec));
  return {
    node: 'ffn_moe_logits',
    layers,
    experts: spec.experts,
    expertsPerToken: spec.expertsPerToken,
    logSoftmax: true,
  };
}

export async function openModel(path: string): Promise<NativeModel> {
  const { tap } = await startRuntime({ gpu: 'cpu' }, () => undefined);
  return tap.loadModel(path, { gpuLayers: 0, cpuMoeLayers: 0, mmap: true });
}

export async function openFixture(spec: ModelSpec): Promise<NativeModel> {
  return openModel(await ensureModel(spec));
}

export function openContext(model: NativeModel, tap?: TapOptions, threads = 1): NativeContext {
  const options = { contextSize: 512, batchSize: 256, outputs: 64, sequences: 4, threads };
  return model.createContext(tap ? { ...options, tap } : options);
}

import { describe, expect, it } from 'vitest';
import type { Batch, ContextOptions, NativeContext, NativeModel, WatchedNode } from '../../../native/tap.d.ts';
import { probeRouters } from '../../../src/engine/process/routerProbe.js';
import type { ModelDescription } from '../../../src/core/model.js';

const LAYERS = [1, 2];
const EXPERTS = 4;
const description = {
  name: 'Fake',
  architecture: 'fake',
  moeLayers: LAYERS,
  experts: EXPERTS,
  expertsPerToken: 2,
} as ModelDescription;

type Origin = [name: string, operation: string][];

/** A graph as the tap would report it: for each layer where its argsort and its scores come from. */
interface Graph {
  order: Origin;
  scores?: Origin;
  softmaxOfSelected?: boolean;
  /** What the steered step selects; as the plan says unless told otherwise. */
  selects?: number[];
}

/** A model whose layers have these graphs; expert 0 comes first and expert 3 last until steered. */
function fakeModel(graphs: Graph[]): { native: NativeModel; freed: () => number } {
  let made = 0;
  let freed = 0;
  const native = {
    createContext(options: ContextOptions): Partial<NativeContext> {
      made++;
      return {
        setPlan: () => undefined,
        free: () => {
          freed++;
        },
        decode: (batch: Batch) => {
          const watched = graphs.flatMap((graph, i) => nodes(graph, LAYERS[i]!, batch.plans !== undefined));
          const wanted = watched.filter(({ name }) => options.watch!.includes(name));
          const selected = graphs.flatMap(({ selects }) => selects ?? [3, 1]);
          return Promise.resolve({
            sampled: new Int32Array(),
            watched: wanted,
            routing: Uint16Array.from([...selected, ...selected]),
          });
        },
      };
    },
  } as unknown as NativeModel;
  return { native, freed: () => made - freed };
}

function nodes({ order, scores, softmaxOfSelected, selects = [3, 1] }: Graph, layer: number, steered: boolean) {
  const node = (name: string, origin: Origin, values: number[], width: number): WatchedNode => ({
    name,
    layer,
    origin: [[name, 'SELF'] as const, ...origin].map(([source, operation]) => ({
      name: source.startsWith('ffn_moe') ? `${source}-${layer}` : source,
      operation,
    })),
    shape: [width, values.length / width, 1, 1],
    values: Int32Array.from(values),
  });
  return [
    ...(order.length > 0 ? [node('ffn_moe_argsort', order, [0, 1, 2, 3, 0, 1, 2, 3], EXPERTS)] : []),
    node('ffn_moe_topk', [], steered ? [...selects, ...selects] : [0, 1, 0, 1], 2),
    ...(scores ? [{ ...node('ffn_moe_probs', [], [0], 1), origin: scores.map(named(layer)) }] : []),
    ...(softmaxOfSelected ? [node('ffn_moe_weights_softmax', [], [0], 1)] : []),
  ];
}

const named =
  (layer: number) =>
  ([name, operation]: Origin[number]) => ({ name: `${name}-${layer}`, operation });

const probe = (...graphs: Graph[]) => {
  const { native, freed } = fakeModel(graphs);
  return probeRouters(native, description, 1).finally(() => {
    expect(freed()).toBe(0);
  });
};

const LOGITS: Origin[number] = ['ffn_moe_logits', 'MUL_MAT'];
const softmax: Graph = {
  order: [['ffn_moe_probs', 'SOFT_MAX'], LOGITS],
  scores: [['ffn_moe_probs', 'SOFT_MAX'], LOGITS],
};
const sigmoid: Graph = {
  order: [['ffn_moe_probs', 'SIGMOID'], LOGITS],
  scores: [['ffn_moe_probs', 'SIGMOID'], LOGITS],
};

describe('probeRouters', () => {
  it.each<[string, Graph, string, boolean]>([
    ['the logits before a softmax', softmax, 'ffn_moe_logits', true],
    ['the logits before a sigmoid, as they are', sigmoid, 'ffn_moe_logits', false],
    [
      'logits that are selected by directly while a sigmoid weighs',
      { order: [LOGITS], scores: [['ffn_moe_probs', 'SIGMOID'], LOGITS] },
      'ffn_moe_logits',
      false,
    ],
    [
      'logits with a router bias, weighed by a softmax of the selected',
      {
        order: [['ffn_moe_probs', 'ADD'], LOGITS],
        scores: [['ffn_moe_probs', 'ADD'], LOGITS],
        softmaxOfSelected: true,
      },
      'ffn_moe_probs',
      true,
    ],
    [
      'scores with a selection bias',
      { order: [['ffn_moe_probs_biased', 'ADD'], ...sigmoid.order], scores: sigmoid.scores! },
      'ffn_moe_probs_biased',
      true,
    ],
    [
      'scores with masked groups',
      {
        order: [['ffn_moe_probs_masked', 'RESHAPE'], [' (view)', 'SET_ROWS'], ...softmax.order],
        scores: softmax.scores!,
      },
      'ffn_moe_probs_masked',
      true,
    ],
    [
      'logits whose rows are taken and whose scores are made by two functions',
      {
        order: [['ffn_moe_probs', 'SQRT'], ['node_1', 'SOFTPLUS'], ['node_2', 'GET_ROWS'], LOGITS],
        scores: [['ffn_moe_probs', 'SQRT'], ['node_1', 'SOFTPLUS'], ['node_2', 'GET_ROWS'], LOGITS],
      },
      'ffn_moe_logits',
      false,
    ],
  ])('finds %s', async (_, graph, node, logSoftmax) => {
    expect(await probe(graph, graph)).toEqual({ node, logSoftmax });
  });

  it.each<[string, Graph[]]>([
    ['selects by no order', [softmax, { order: [] }]],
    ['selects by what has no name', [softmax, { order: [['node_1', 'MUL_MAT']] }]],
    ['changes the scores in an unknown way', [softmax, { order: [['node_1', 'NEG'], ...softmax.order] }]],
    ['routes otherwise in another layer', [softmax, sigmoid]],
    ['leaves an activated expert out', [softmax, { ...softmax, selects: [1, 2] }]],
    ['keeps a deactivated expert', [softmax, { ...softmax, selects: [3, 0] }]],
  ])('refuses a model that %s', async (_, graphs) => {
    await expect(probe(...graphs)).rejects.toMatchObject({
      reason: 'model-unsupported',
      message: expect.stringMatching(/Fake.*\.$/) as string,
    });
  });
});

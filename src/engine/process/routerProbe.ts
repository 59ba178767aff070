import type { NativeContext, NativeModel, StepResult, TapOptions, WatchedNode } from '../../../native/tap.d.ts';
import type { ModelDescription } from '../../core/model.js';
import { unsupported } from './architectures.js';

/** Where a model's routing is read and steered, and how. */
export type RouterTap = Pick<TapOptions, 'node' | 'logSoftmax'>;

/** llama.cpp's names (src/llama-graph.cpp, build_moe_ffn). */
const ORDER = 'ffn_moe_argsort';
const SELECTION = 'ffn_moe_topk';
const SCORES = 'ffn_moe_probs';
const SOFTMAX_OF_SELECTED = 'ffn_moe_weights_softmax';

/** Functions that keep the order of a row's values, and such as only take rows or see them otherwise. */
const KEEPS_ORDER = new Set(['SOFT_MAX', 'SIGMOID', 'SOFTPLUS', 'SQRT', 'GET_ROWS', 'RESHAPE', 'VIEW', 'CONT']);

/** Two tokens: the least that shows that rows are told apart. */
const TOKENS = 2;

/**
 * Finds the node to steer in the model's own graph, and proves on two tokens that an expert activated there is
 * selected, and a deactivated one is not, in every layer. Throws HumanError "model-unsupported" where there is no such
 * node: a model is steered rightly or not at all.
 *
 * Experts are selected by the order (argsort) of some scores. From there the graph is followed back through functions
 * that keep the order, to what they are functions of: the router's logits, or scores plus a selection bias, or scores
 * with groups of experts masked out. To change the order there is to change the selection, whatever the architecture.
 */
export async function probeRouters(
  native: NativeModel,
  description: ModelDescription,
  threads: number,
): Promise<RouterTap> {
  const { moeLayers: layers, experts, expertsPerToken } = description;
  const size = { contextSize: 256, batchSize: TOKENS, outputs: TOKENS, sequences: 1, threads };
  const seen = await step(native.createContext({ ...size, watch: [ORDER, SCORES, SOFTMAX_OF_SELECTED] }));
  const taps = layers.map((layer) => layerTap(seen, layer, description));
  const tap = taps[0]!;
  const other = taps.findIndex(({ node, logSoftmax }) => node !== tap.node || logSoftmax !== tap.logSoftmax);
  if (other > 0)
    throw unsupported(
      `The layers ${layers[0]!} and ${layers[other]!} of ${description.name} route in different ways (${tap.node} and ${taps[other]!.node}), which is not supported.`,
    );

  // Turn the first token's order upside down: its last expert is activated, its first one deactivated.
  const turned = layers.map((layer) => {
    const order = nodes(seen, ORDER, layer)[0]!.values;
    return { activated: order[experts - 1]!, deactivated: order[0]! };
  });
  const context = native.createContext({
    ...size,
    tap: { ...tap, layers: Int32Array.from(layers), experts, expertsPerToken },
    watch: [SELECTION],
  });
  const values = new Float32Array(layers.length * experts);
  for (const [i, { activated, deactivated }] of turned.entries()) {
    values[i * experts + activated] = 1;
    // Where all experts are used none can be left out.
    if (expertsPerToken < experts) values[i * experts + deactivated] = -1;
  }
  context.setPlan(0, { mode: 'paper', values });
  const steered = await step(context, true);
  for (const [i, layer] of layers.entries()) {
    const { activated, deactivated } = turned[i]!;
    const right = (selected: number[]): boolean =>
      selected.includes(activated) && (expertsPerToken === experts || !selected.includes(deactivated));
    const used = nodes(steered, SELECTION, layer).flatMap(rows);
    const captured = Array.from({ length: TOKENS }, (_, token) => {
      const at = (token * layers.length + i) * expertsPerToken;
      return [...steered.routing!.subarray(at, at + expertsPerToken)];
    });
    if (used.length < TOKENS || ![...used, ...captured].every(right))
      throw unsupported(
        `Layer ${layer} of ${description.name} (${description.architecture}) does not select its experts as it is told to, so it cannot be steered.`,
      );
  }
  return tap;
}

/** Where one layer's experts are selected from. */
function layerTap(seen: StepResult, layer: number, { name, architecture }: ModelDescription): RouterTap {
  const orders = nodes(seen, ORDER, layer);
  const origins = orders.map(({ origin }) => steeredNode(origin.slice(1), layer));
  const [node] = origins;
  if (node === undefined || origins.some((other) => other !== node))
    throw unsupported(
      `Where layer ${layer} of ${name} (${architecture}) selects its experts cannot be found in llama.cpp's graph, so it cannot be steered.`,
    );
  return { node, logSoftmax: !shiftMatters(seen, node, layer) };
}

/** The last node named after the layer that is reached by going back through functions that keep the order. */
function steeredNode(origin: WatchedNode['origin'], layer: number): string | undefined {
  let found: string | undefined;
  for (const { name, operation } of origin) {
    found = /^(ffn_moe_.*)-(\d+)$/.exec(name)?.[2] === String(layer) ? name.slice(0, name.lastIndexOf('-')) : found;
    if (!KEEPS_ORDER.has(operation)) break;
  }
  return found;
}

/**
 * Whether the experts' weights would change if a constant were added to all values of the node. They come from the
 * scores; a softmax, over all of them or over the selected ones, cancels the constant.
 */
function shiftMatters(seen: StepResult, node: string, layer: number): boolean {
  const scores = nodes(seen, SCORES, layer)[0];
  if (scores === undefined || nodes(seen, SOFTMAX_OF_SELECTED, layer).length > 0) return false;
  const names = scores.origin.map(({ name }) => name);
  const at = names.indexOf(`${node}-${layer}`);
  // Scores that do not come from the node have their weights from before it.
  if (at < 0) return false;
  return !scores.origin.slice(0, at).some(({ operation }) => operation === 'SOFT_MAX');
}

const nodes = (result: StepResult, name: string, layer: number): WatchedNode[] =>
  result.watched!.filter((node) => node.name === name && node.layer === layer);

function rows({ shape, values }: WatchedNode): number[][] {
  const width = shape[0]!;
  return Array.from({ length: values.length / width }, (_, row) => [
    ...values.subarray(row * width, (row + 1) * width),
  ]);
}

/** Runs the two tokens and frees the context. */
async function step(context: NativeContext, steered = false): Promise<StepResult> {
  try {
    return await context.decode({
      tokens: new Int32Array(TOKENS),
      positions: Int32Array.from({ length: TOKENS }, (_, i) => i),
      sequences: Int32Array.from({ length: 2 * TOKENS }, (_, i) => (i % 2 === 0 ? 0 : -1)),
      outputs: new Uint8Array(TOKENS).fill(1),
      ...(steered && { plans: new Int16Array(TOKENS), routing: new Uint8Array(TOKENS).fill(1) }),
    });
  } finally {
    context.free();
  }
}

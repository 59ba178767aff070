import { HumanError } from '../../core/humanError.js';

/** Where the routing of an architecture is read and steered in llama.cpp's graph. */
export interface RoutingTap {
  /** Name of the node, without "-<layer>". */
  node: string;
}

/** What of a GGUF decides how its routing is tapped. */
export interface RoutingTraits {
  architecture: string;
  /** A selection bias (exp_probs_b) is added to the router's probabilities before the top-k. */
  selectionBias: boolean;
  /** Experts are chosen in groups first. */
  expertGroups: number;
}

/**
 * The router's logits are the place to steer for every architecture that selects experts by them (llama.cpp's
 * build_moe_ffn). The exceptions stand here.
 */
const EXCEPTIONS: Record<string, RoutingTap> = {
  // The router has a bias of its own; the sum of both carries this name.
  'gpt-oss': { node: 'ffn_moe_probs' },
};

/** Architectures whose routing cannot be steered at one node a layer. */
const REFUSED: Record<string, string> = {
  grovemoe: 'it routes twice in each layer',
};

/** The tap for a model, or HumanError "model-unsupported": never a wrong one in silence. */
export function routingTap(traits: RoutingTraits): RoutingTap {
  const refused = REFUSED[traits.architecture];
  if (refused !== undefined) throw unsupported(traits.architecture, refused);
  if (traits.expertGroups > 1) throw unsupported(traits.architecture, 'it chooses groups of experts before experts');
  const exception = EXCEPTIONS[traits.architecture];
  if (exception) return exception;
  // Steering the logits would not guarantee a selection, since the bias is added afterwards.
  return { node: traits.selectionBias ? 'ffn_moe_probs_biased' : 'ffn_moe_logits' };
}

function unsupported(architecture: string, why: string): HumanError {
  return new HumanError(
    'model-unsupported',
    `Models of the architecture "${architecture}" cannot be steered yet: ${why}.`,
    'Choose a model of another family, for instance OLMoE, Qwen3-MoE, Mixtral or gpt-oss.',
  );
}

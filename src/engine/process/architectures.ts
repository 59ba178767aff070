import { HumanError } from '../../core/humanError.js';

/** What of an architecture neither a file nor llama.cpp's graph of it tells, and matters here. */
interface ArchitectureFacts {
  /** Why its models are of no use here, as the end of a sentence. */
  refused?: string;
  /** Its sparse attention works only in a context that has one sequence; with more llama.cpp falls back to another. */
  oneSequence?: true;
}

/**
 * The table of architectures. It is short because everything that can be seen is looked up, by routerProbe.ts in the
 * graph of the model itself: where the experts are selected from, through which functions and biases, and that steering
 * there moves the selection. A table of those would be wrong with the next release of llama.cpp and for the variants
 * within an architecture (a selection bias or expert groups come and go with the model). Whether the last layer keeps
 * all rows the tap sees by their number; whether sequences may share a batch llama.cpp says itself (NativeModel.recurrent).
 *
 * What of the pinned llama.cpp has routed experts and is not refused here is generated in test/fixtures/families and
 * proven by test/engine/conformance.test.ts; test/unit/engine/architectures.test.ts holds both lists against its source.
 */
const FACTS: Record<string, ArchitectureFacts | undefined> = {
  'llada-moe': { refused: 'it fills in a whole text by diffusion and does not go on token by token' },
  rnd1: { refused: 'it fills in a whole text by diffusion and does not go on token by token' },
  'nomic-bert-moe': { refused: 'it makes embeddings and writes no text' },
  'llama-embed': { refused: 'it makes embeddings and writes no text' },
  dflash: { refused: 'it only drafts tokens for another model' },
  'minimax-m3': { oneSequence: true },
};

/** Names of the architectures that are refused. */
export function refusedArchitectures(): string[] {
  return Object.keys(FACTS).filter((architecture) => FACTS[architecture]?.refused !== undefined);
}

/** Throws HumanError "model-unsupported" for those; else says what a context of the architecture must respect. */
export function requireSupported(architecture: string): { oneSequence: boolean } {
  const { refused, oneSequence = false } = FACTS[architecture] ?? {};
  if (refused !== undefined)
    throw unsupported(`Models of the architecture "${architecture}" cannot be steered: ${refused}.`);
  return { oneSequence };
}

/** HumanError "model-unsupported". */
export function unsupported(sentence: string): HumanError {
  return new HumanError(
    'model-unsupported',
    sentence,
    'Choose a model of another family, for instance OLMoE, Qwen3-MoE, Mixtral or gpt-oss.',
  );
}

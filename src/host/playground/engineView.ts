import type { PlaygroundSnapshot } from '../../protocol/webview.js';
import type { EngineSession } from '../life/engineSession.js';
import { stateWords } from '../life/stateWords.js';
import { shapeWords } from '../models/modelWords.js';

/** What a playground shows of the engine. After a crash it rests: the next prompt starts it again. */
export function engineView({ state, failure, holdsModel }: EngineSession): PlaygroundSnapshot['engine'] {
  // An engine that is up without the model (after a look into a file, say) loads it with the next prompt.
  const shown = state === 'crashed' ? 'stopped' : state;
  return { state: shown, words: stateWords(state, holdsModel), failure };
}

export function modelView({ model }: EngineSession): PlaygroundSnapshot['model'] {
  if (!model) return null;
  const { name, moeLayers, experts, expertsPerToken } = model;
  return { name, summary: shapeWords(model), moeLayers, experts, expertsPerToken };
}

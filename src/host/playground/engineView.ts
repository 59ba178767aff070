import type { PlaygroundSnapshot } from '../../protocol/webview.js';
import type { EngineSession } from '../life/engineSession.js';
import { stateWords } from '../life/stateWords.js';
import { shapeWords } from '../models/modelWords.js';

/** What a playground shows of the engine. After a crash it rests: the next prompt starts it again. */
export function engineView({ state, failure, holdsModel }: EngineSession): PlaygroundSnapshot['engine'] {
  // At work for others: a prompt of this playground joins its batch.
  const shown = state === 'crashed' ? 'stopped' : state === 'busy' ? 'ready' : state;
  return { state: shown, words: stateWords(state, holdsModel), failure };
}

export function modelView({ model }: EngineSession): PlaygroundSnapshot['model'] {
  if (!model) return null;
  const { name, moeLayers, experts, expertsPerToken, thinking } = model;
  return { name, summary: shapeWords(model), moeLayers, experts, expertsPerToken, ...(thinking && { thinking }) };
}

import type { PlaygroundSettings } from '../../src/protocol/webview.js';
import { thousands } from '../ui/figures.js';

export interface NumberField {
  name: keyof PlaygroundSettings['sampling'] | 'maxTokens';
  label: string;
  hint: string;
  min: number;
  max: number;
  step: number;
}

export const NUMBER_FIELDS: readonly NumberField[] = [
  { name: 'temperature', label: 'Temperature', hint: '0 always takes the likeliest token', min: 0, max: 5, step: 0.1 },
  { name: 'topK', label: 'Top-k', hint: '0 keeps all tokens', min: 0, max: 1000, step: 1 },
  { name: 'topP', label: 'Top-p', hint: '1 keeps all tokens', min: 0, max: 1, step: 0.05 },
  { name: 'minP', label: 'Min-p', hint: '0 keeps all tokens', min: 0, max: 1, step: 0.01 },
  { name: 'seed', label: 'Seed', hint: 'the same for both answers', min: 0, max: 4_294_967_295, step: 1 },
  { name: 'maxTokens', label: 'Max tokens', hint: 'of each answer', min: 1, max: 131_072, step: 1 },
];

/** What a person typed as a number of the field, or a sentence that says what it must be. */
export function readField({ label, min, max, step }: NumberField, text: string): number | string {
  const value = Number(text.trim().replace(',', '.'));
  const whole = step === 1;
  if (text.trim() !== '' && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  return `${label} is a ${whole ? 'whole number' : 'number'} from ${min} to ${max}.`;
}

export function fieldValue(settings: PlaygroundSettings, { name }: NumberField): number {
  return name === 'maxTokens' ? settings.maxTokens : settings.sampling[name];
}

export function withField(settings: PlaygroundSettings, { name }: NumberField, value: number): PlaygroundSettings {
  if (name === 'maxTokens') return { ...settings, maxTokens: value };
  return { ...settings, sampling: { ...settings.sampling, [name]: value } };
}

/** The sampling in a few words, for the button that opens the settings. */
export function samplingWords({ sampling, maxTokens, systemPrompt }: PlaygroundSettings): string {
  const how = sampling.temperature === 0 ? 'greedy' : `temperature ${sampling.temperature}`;
  return `${how}, ${thousands(maxTokens)} tokens${systemPrompt.trim() === '' ? '' : ', system prompt'}`;
}

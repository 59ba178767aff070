import type { SteeringMode } from './plan.js';

/** log_softmax in float64, by the largest logit so that nothing overflows. */
export function logSoftmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const sum = logits.reduce((total, z) => total + Math.exp(z - largest), 0);
  return logits.map((z) => z - largest - Math.log(sum));
}

/**
 * What steering makes of one layer's router logits for one token (paper, section 3.3), as a reference in float64; the
 * engine does the same in float32. Paper: s = log_softmax(z), activated experts get max(s) + 0.01, deactivated ones
 * min(s) - 0.01, max and min of the s before any change; returns s. Soft: z + strength * std(z) for activated,
 * z - strength * std(z) for deactivated experts, population standard deviation; returns z. `activated` and `deactivated`
 * are indices into the logits. An empty plan returns the scores of its mode unchanged. For softmax gating; where a router
 * weighs by a sigmoid of the scores that are changed, the engine takes s = z: log_softmax would shrink all weights.
 */
export function steerScores(
  logits: readonly number[],
  activated: readonly number[],
  deactivated: readonly number[],
  mode: SteeringMode,
): number[] {
  if (mode.kind === 'paper') {
    const scores = logSoftmax(logits);
    const [above, below] = [Math.max(...scores) + 0.01, Math.min(...scores) - 0.01];
    return scores.map((score, i) => (activated.includes(i) ? above : deactivated.includes(i) ? below : score));
  }
  const mean = logits.reduce((sum, z) => sum + z, 0) / logits.length;
  const deviation = Math.sqrt(logits.reduce((sum, z) => sum + (z - mean) ** 2, 0) / logits.length);
  const step = mode.strength * deviation;
  return logits.map((z, i) => (activated.includes(i) ? z + step : deactivated.includes(i) ? z - step : z));
}

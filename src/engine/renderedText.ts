import type { RenderedConversation } from '../protocol/engine.js';

/** Marks that stand in no chat template. */
const OPEN = '⟦';
const CLOSE = '⟧';

/** What is compared: characters [start, end) of the text, whole tokens, and how many they are; null for nothing. */
export function comparedText({ start, end, target }: RenderedConversation) {
  if (!target || target.to <= target.from) return null;
  return { start: start[target.from]!, end: end[target.to - 1]!, tokens: target.to - target.from };
}

/** One side as the model gets it, its target span between ⟦ and ⟧. */
export function renderedText(label: string, rendered: RenderedConversation): string {
  const { text, tokens } = rendered;
  const head = (what: string): string => `===== ${label}: ${what} =====\n`;
  const compared = comparedText(rendered);
  if (!compared) return `${head(`${tokens.length} tokens, no target`)}${text}\n`;
  const { start, end, tokens: count } = compared;
  const marked = text.slice(0, start) + OPEN + text.slice(start, end) + CLOSE + text.slice(end);
  return `${head(`${tokens.length} tokens, ${count} of them compared (between ${OPEN} and ${CLOSE})`)}${marked}\n`;
}

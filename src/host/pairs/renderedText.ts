import type { RenderedConversation } from '../../protocol/engine.js';

/** Marks that stand in no chat template. */
const OPEN = '⟦';
const CLOSE = '⟧';

/** One side as the model gets it, its target span between ⟦ and ⟧. */
export function renderedText(label: string, { text, start, end, tokens, target }: RenderedConversation): string {
  const head = (what: string): string => `===== ${label}: ${what} =====\n`;
  if (!target || target.to <= target.from) return `${head(`${tokens.length} tokens, no target`)}${text}\n`;
  const from = start[target.from]!;
  const to = end[target.to - 1]!;
  const count = target.to - target.from;
  const marked = text.slice(0, from) + OPEN + text.slice(from, to) + CLOSE + text.slice(to);
  return `${head(`${tokens.length} tokens, ${count} of them compared (between ${OPEN} and ${CLOSE})`)}${marked}\n`;
}

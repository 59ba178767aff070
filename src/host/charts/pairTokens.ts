import { dirname, resolve } from 'node:path';
import type { ExpertsFile } from '../../core/statistics/expertStatistics.js';
import { HumanError } from '../../core/humanError.js';
import { SIDES, type Pair, type Side } from '../../core/pairs/pair.js';
import type { Engine } from '../../engine/client.js';
import type { PairCounts, RenderedConversation } from '../../protocol/engine.js';
import type { PairTokens, TokenRow } from '../../protocol/webview.js';

/** Where the pairs of a list are. */
export function pairsPath(list: string, file: ExpertsFile): string {
  return resolve(dirname(list), file.pairs.file);
}

/** One pair through the model, with the options of its list: its rendered sides, and the experts of each target token. Fails with HumanError. */
export async function pairTokens(
  engine: Pick<Engine, 'render' | 'detect'>,
  number: number,
  pair: Pair,
  { thinking }: ExpertsFile['options'],
  signal: AbortSignal,
): Promise<PairTokens> {
  const render = (side: Side): Promise<RenderedConversation> =>
    engine.render({
      messages: pair[side].messages,
      target: pair[side].target,
      generationPrompt: false,
      ...(thinking && { thinking }),
    });
  const [a, b] = [await render('a'), await render('b')];
  let counts: PairCounts | undefined;
  let failure: HumanError | undefined;
  await engine.detect(
    { pairs: [{ index: number, a: pair.a, b: pair.b }], ...(thinking && { thinking }), routing: true },
    {
      onPair: (pairCounts) => {
        counts = pairCounts;
      },
      onFailed: ({ reason, message, next }) => {
        failure = new HumanError(reason, message, next);
      },
      signal,
    },
  );
  const routing = counts?.routing;
  if (!routing) throw failure ?? new HumanError('engine-failed', 'The engine sent no routing.', 'Try again.');
  const row = (rendered: RenderedConversation, side: Side): TokenRow => ({
    text: rendered.text,
    start: Array.from(rendered.start),
    end: Array.from(rendered.end),
    target: rendered.target ?? { from: 0, to: 0 },
    experts: Array.from(routing[side].experts),
  });
  return { pair: number, line: pair.line, sides: { a: row(a, SIDES[0]!), b: row(b, SIDES[1]!) } };
}

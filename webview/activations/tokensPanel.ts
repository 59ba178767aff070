import type { ExpertId } from '../../src/core/plans/plan.js';
import { SIDES, type Side } from '../../src/core/pairs/pair.js';
import type { ActivationsSnapshot, Failure, PairTokens } from '../../src/protocol/webview.js';
import { thousands } from '../ui/figures.js';
import { failureNotice } from '../ui/failureNotice.js';
import { failureOf } from '../ui/hostClient.js';
import { make, setText, show } from '../ui/make.js';
import { readTheme } from '../ui/theme.js';
import { button, textField } from '../ui/toolkit.js';
import { conversationView } from './conversationView.js';
import type { ListView } from './listView.js';
import { tokenExperts } from './tokenExperts.js';
import { tokensFit } from './tokensFit.js';
import { expertsOf } from './tokenTint.js';

export interface TokensState {
  view: ListView;
  pairs: number;
  engine: ActivationsSnapshot['engine'];
  pair: number;
}

/** Both conversations of a pair, token by token. A pair is run through the model when it is asked for. */
export function tokensPanel(actions: {
  load(pair: number, signal: AbortSignal): Promise<PairTokens>;
  choose(pair: number): void;
  /** Another token is open, or none: see `experts`. */
  opened(): void;
  press(expert: ExpertId): void;
}) {
  let state: TokensState | null = null;
  let tokens: PairTokens | null = null;
  let opened: { side: Side; token: number } | null = null;
  let failure: Failure | null = null;
  let loading: AbortController | null = null;
  let begun = false;

  const step = (label: string, name: string, by: number) =>
    button({
      label,
      name,
      kind: 'icon',
      onClick: () => {
        if (state) go(state.pair + by);
      },
    });
  const previous = step('‹', 'Previous pair', -1);
  const next = step('›', 'Next pair', 1);
  const number = textField('Pair number', {
    size: 4,
    onChange: (value) => {
      if (/^\d+$/.test(value.trim())) go(Number(value) - 1);
      else draw();
    },
  });
  const total = make('span');
  const place = make('span', { class: 'dim' });
  const start = button({
    label: 'Show tokens',
    kind: 'primary',
    onClick: () => {
      if (state) go(state.pair);
    },
  });
  const explained = make('p', { class: 'dim explained' });
  const working = make('span');
  const progress = make(
    'div',
    { class: 'control working', role: 'status' },
    make('progress', { 'aria-label': 'Running the pair' }),
    working,
    button({ label: 'Cancel', onClick: () => loading?.abort() }),
  );
  const notice = failureNotice({
    label: 'Try again',
    run: () => {
      if (state) go(state.pair);
    },
  });
  const sides = SIDES.map((side) => ({
    side,
    conversation: conversationView((token) => {
      const same = opened?.side === side && opened.token === token;
      opened = same ? null : { side, token };
      actions.opened();
    }),
  }));
  const experts = tokenExperts((expert) => {
    actions.press(expert);
  });
  const both = make('div', { class: 'sides' }, ...sides.map(({ conversation }) => conversation.element));
  const chooser = make('span', { class: 'control' }, previous, 'pair', number, total, next);
  const element = make(
    'section',
    { class: 'tokens', 'aria-label': 'Tokens' },
    make('div', { class: 'section-head' }, chooser, start, place),
    explained,
    progress,
    notice.element,
    both,
    experts.element,
  );

  function go(wanted: number): void {
    if (!state || state.pairs === 0) return;
    const pair = Math.max(0, Math.min(state.pairs - 1, wanted));
    state = { ...state, pair };
    actions.choose(pair);
    void load(pair);
  }

  async function load(pair: number): Promise<void> {
    loading?.abort();
    begun = true;
    const mine = (loading = new AbortController());
    failure = null;
    opened = null;
    actions.opened();
    try {
      const answer: unknown = await actions.load(pair, mine.signal);
      if (loading !== mine || !state) return;
      if (tokensFit(answer, state.view.file.model)) tokens = answer;
      else failure = { reason: 'engine-failed', message: 'The tokens came damaged.', next: 'Try again.' };
    } catch (error) {
      if (loading !== mine) return;
      const failed = failureOf(error);
      failure = failed.reason === 'cancelled' ? null : failed;
    }
    loading = null;
    draw();
  }

  function forget(): void {
    loading?.abort();
    [loading, tokens, opened, failure, begun] = [null, null, null, null, false];
  }

  function shownTokens(): PairTokens | null {
    return tokens && tokens.pair === state?.pair && !failure ? tokens : null;
  }

  function draw(): void {
    if (!state) return;
    const { view, pairs, engine, pair } = state;
    const there = pairs > 0;
    previous.disabled = !there || pair <= 0;
    next.disabled = !there || pair >= pairs - 1;
    number.disabled = !there;
    if (document.activeElement !== number) number.value = String(pair + 1);
    setText(total, `of ${thousands(pairs)}`);
    show(start, there && !tokens && !loading && !failure);
    setText(explained, explanation(state));
    show(explained, explained.textContent !== '' && (!there || engine !== 'ready') && !loading);
    show(progress, loading !== null);
    setText(working, `Running pair ${pair + 1} through ${view.file.model.name}…`);
    notice.update(failure);
    const shown = shownTokens();
    show(both, shown !== null);
    both.classList.toggle('stale', loading !== null);
    setText(place, shown ? `line ${shown.line} of ${view.file.pairs.file}` : '');
    show(experts.element, shown !== null && opened !== null);
    if (!shown) return;
    const theme = readTheme();
    for (const { side, conversation } of sides)
      conversation.update(side, shown.sides[side], view, opened?.side === side ? opened.token : null, theme);
    if (opened) experts.update(shown.sides[opened.side], opened.token, view);
  }

  return {
    element,
    /** `seen`: whether the person looks at it. A pair runs by itself then, where that loads no model. */
    update(nextState: TokensState, seen: boolean): void {
      // Detected anew: its model and its pairs may be others.
      if (state && state.view.file !== nextState.view.file) forget();
      state = nextState;
      if (seen && !begun && state.engine === 'ready' && state.pairs > 0) void load(state.pair);
      else if (seen) draw();
    },
    /** The experts that the open token selected. */
    experts(): ExpertId[] {
      const row = opened && shownTokens()?.sides[opened.side];
      if (!row) return [];
      return expertsOf(row, opened!.token, state!.view.file.model).flatMap(({ layer, experts: ids }) =>
        ids.map((expert) => ({ layer, expert })),
      );
    },
  };
}

function explanation({ view, pairs, engine }: TokensState): string {
  const { file } = view;
  if (pairs === 0)
    return `The pairs file ${file.pairs.file} is not there any more. Put it back beside this list to see its tokens.`;
  if (engine === 'other-model')
    return `Another model is loaded. This list was made for ${file.model.name}; showing a pair loads that one.`;
  return engine === 'no-model' ? `No model is loaded. Showing a pair loads ${file.model.name}.` : '';
}

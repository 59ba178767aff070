import type { Side } from '../../src/core/pairs/pair.js';
import type { TokenRow } from '../../src/protocol/webview.js';
import { hoverFacts } from '../ui/hoverFacts.js';
import { make, setAttribute } from '../ui/make.js';
import { css, inkOn, mix, sideColor, type Theme } from '../ui/theme.js';
import type { ListView } from './listView.js';
import { firedOn, pieces, type Fired } from './tokenTint.js';

/**
 * One side's conversation as the model saw it. Target tokens are tinted by activated minus deactivated experts that fire
 * on them: toward the side that the plan steers to, or away from it. One stop of the Tab key; arrows move from token to
 * token, Space or Enter opens its experts.
 */
export function conversationView(onOpen: (token: number) => void) {
  const title = make('h3');
  const text = make('div', { class: 'conversation' });
  const box = make('div', { class: 'side' }, title, text);
  let tokens: HTMLElement[] = [];
  let words: string[] = [];
  let drawn: TokenRow | null = null;
  let focus = 0;
  let fired: Fired[] = [];
  hoverFacts(box, '.token', (token) => {
    const at = tokens.indexOf(token);
    const { activated = 0, deactivated = 0 } = fired[at] ?? {};
    return [words[at] ?? '', `${activated} ▲ activated, ${deactivated} ▽ deactivated experts`];
  });

  function rebuild(row: TokenRow): void {
    drawn = row;
    focus = 0;
    tokens = [];
    words = [];
    text.replaceChildren(
      ...pieces(row).map((piece) => {
        if (piece.target === null) return make('span', { class: 'around' }, piece.text);
        // A line break alone would be a token without a place to click.
        const shown = piece.text === '' ? '◦' : piece.text.replaceAll('\n', '⏎\n');
        const token = make('span', { class: 'token', role: 'button', tabindex: -1 }, shown);
        token.dataset['token'] = String(piece.target);
        tokens.push(token);
        words.push(piece.text.trim() === '' ? JSON.stringify(piece.text) : piece.text);
        return token;
      }),
    );
    if (tokens[0]) tokens[0].tabIndex = 0;
  }

  function moveTo(next: number): void {
    const token = tokens[next];
    if (!token) return;
    tokens[focus]!.tabIndex = -1;
    focus = next;
    token.tabIndex = 0;
    token.focus();
  }

  text.addEventListener('click', ({ target }) => {
    const at = tokens.indexOf(target as HTMLElement);
    if (at < 0) return;
    moveTo(at);
    onOpen(at);
  });
  text.addEventListener('keydown', (event) => {
    const to = { ArrowLeft: focus - 1, ArrowRight: focus + 1, Home: 0, End: tokens.length - 1 }[event.key];
    if (event.key === ' ' || event.key === 'Enter') onOpen(focus);
    else if (to === undefined) return;
    else moveTo(to);
    event.preventDefault();
  });

  return {
    element: box,
    update(side: Side, row: TokenRow, view: ListView, open: number | null, theme: Theme): void {
      const { labels } = view.file;
      title.className = `side-${side}`;
      title.textContent = labels[side];
      text.setAttribute('role', 'group');
      text.setAttribute('aria-label', `Conversation of ${labels[side]}`);
      if (drawn !== row) rebuild(row);
      fired = firedOn(row, view);
      const most = Math.max(1, ...fired.map(({ activated, deactivated }) => Math.abs(activated - deactivated)));
      tokens.forEach((token, i) => {
        tint(token, fired[i]!, most, view.board.toward, theme);
        const { activated, deactivated } = fired[i]!;
        setAttribute(token, 'aria-label', `${words[i]}: ${activated} activated, ${deactivated} deactivated`);
        setAttribute(token, 'aria-pressed', String(open === i));
      });
    },
  };
}

function tint(token: HTMLElement, { activated, deactivated }: Fired, most: number, toward: Side, theme: Theme): void {
  const net = (activated - deactivated) / most;
  const value = toward === 'a' ? net : -net;
  const color = mix(theme.background, sideColor(value, theme), value === 0 ? 0 : 0.3 + 0.6 * Math.abs(value));
  token.style.backgroundColor = value === 0 ? '' : css(color);
  token.style.color = value === 0 ? '' : css(inkOn(color));
  token.dataset['net'] = String(activated - deactivated);
  // Not by colour alone: a full line below for more activated, a dotted one for more deactivated.
  token.dataset['sign'] = net > 0 ? 'more' : net < 0 ? 'less' : 'none';
}

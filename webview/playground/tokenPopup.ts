import type { AnswerSide } from '../../src/protocol/webview.js';
import { visibleToken } from './answerTokens.js';
import { make, show } from '../ui/make.js';
import { STATE_SIGNS as SIGN } from '../ui/words.js';
import type { LayerRouting } from './tokenRouting.js';

export interface InspectedToken {
  token: string;
  /** Counted from one. */
  number: number;
  side: AnswerSide;
}

const UNROUTED = 'It has not gone through the routers: an answer ends with it, or the next step has not come yet.';

/** The box beside a token with the experts of each layer; layers run upward, as in the heat map. */
export function tokenPopup(): {
  element: HTMLElement;
  id: string;
  show(range: Range, token: InspectedToken, rows: LayerRouting[] | null): void;
  hide(): void;
} {
  const id = 'token-popup';
  const element = make('div', { id, class: 'token-popup', role: 'tooltip' });
  element.hidden = true;
  return {
    element,
    id,
    show(range, token, rows) {
      const heading = make(
        'p',
        { class: 'popup-head' },
        make('code', {}, visibleToken(token.token)),
        `token ${token.number}, ${token.side}`,
      );
      element.classList.toggle('many', (rows?.length ?? 0) > 12);
      element.replaceChildren(heading, rows ? routingTable(rows) : make('p', {}, UNROUTED));
      show(element, true);
      element.scrollTop = 0;
      place(element, range.getClientRects()[0] ?? range.getBoundingClientRect());
    },
    hide() {
      show(element, false);
    },
  };
}

function routingTable(rows: LayerRouting[]): HTMLElement {
  const lines = rows
    .toReversed()
    .map(({ layer, experts }) =>
      make(
        'div',
        { class: 'popup-layer' },
        make('span', { class: 'dim' }, `L${layer}`),
        ...experts.map(({ expert, state }) =>
          make(
            'span',
            { class: state === 'neutral' ? 'fired' : `fired ${state}` },
            state === 'neutral' ? String(expert) : `${SIGN[state]}${expert}`,
          ),
        ),
      ),
    );
  const switched = rows.some(({ experts }) => experts.some(({ state }) => state !== 'neutral'));
  const legend = switched ? `${SIGN.activated} activated, ${SIGN.deactivated} deactivated by the plan` : '';
  return make(
    'div',
    {},
    make('div', { class: 'popup-layers' }, ...lines),
    ...(legend ? [make('p', { class: 'dim' }, legend)] : []),
  );
}

/** The same for the ear. */
export function routingSummary({ token, number }: InspectedToken, rows: LayerRouting[] | null): string {
  const heard = token.trim() === '' ? 'white space' : `“${token.trim()}”`;
  if (!rows) return `Token ${number}, ${heard}. ${UNROUTED}`;
  const layers = rows.map(({ layer, experts }) => {
    const words = experts.map(({ expert, state }) => (state === 'neutral' ? expert : `${expert} ${state}`));
    return `layer ${layer}: ${words.join(', ')}`;
  });
  return `Token ${number}, ${heard}. Experts by layer. ${layers.join('; ')}`;
}

/** Below the token, or above it where there is no room; always inside the window. */
function place(element: HTMLElement, anchor: DOMRect): void {
  const { width, height } = element.getBoundingClientRect();
  const below = anchor.bottom + 2;
  const top = below + height <= innerHeight ? below : Math.max(0, anchor.top - height - 2);
  element.style.left = `${Math.max(4, Math.min(anchor.left, innerWidth - width - 4))}px`;
  element.style.top = `${top}px`;
}

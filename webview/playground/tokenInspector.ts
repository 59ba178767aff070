import type { AnswerSide } from '../../src/protocol/webview.js';
import type { SteeringPlan } from '../../src/core/plans/plan.js';
import type { AnswerText } from './answerText.js';
import { placeOf, tokenAt, tokenBeside, type TokenPlace } from './answerTokens.js';
import { setAttribute } from '../ui/make.js';
import { start } from './start.js';
import { routingRows } from './tokenRouting.js';
import { tokenPopup, routingSummary } from './tokenPopup.js';
import type { Actions } from './viewState.js';

/** An answer whose tokens can be looked into; its values are asked for when they are needed, as it may be running. */
export interface InspectedAnswer {
  turn: number;
  side: AnswerSide;
  ends: () => readonly number[];
  planKey: () => string;
}

export interface TokenInspector {
  element: HTMLElement;
  watch(text: AnswerText, answer: InspectedAnswer): void;
  close(): void;
}

/** Pointer time on a token before its experts are asked for, in milliseconds: less than one waits, more than one crosses. */
const DWELL = 70;

/**
 * The experts of the token under the pointer, or of the token that arrow keys walk to. An answer has no element per
 * token: a token is found by its offset in the text and marked by a CSS highlight.
 */
export function tokenInspector(
  actions: Actions,
  about: { moeLayers: () => readonly number[]; planFor: (answer: InspectedAnswer) => SteeringPlan },
): TokenInspector {
  const popup = tokenPopup();
  const mark = new Highlight();
  CSS.highlights.set('inspected-token', mark);
  let current: { text: AnswerText; place: TokenPlace } | null = null;
  let latest = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const close = (): void => {
    clearTimeout(timer);
    latest++;
    mark.clear();
    if (current) setAttribute(current.text.element, 'aria-describedby', undefined);
    current = null;
    popup.hide();
  };
  const inspect = async (text: AnswerText, answer: InspectedAnswer, place: TokenPlace, aloud: boolean) => {
    const range = text.rangeOf(place.start, place.end);
    // The answer was begun anew between the pointer's rest and now.
    if (!range) return;
    const call = ++latest;
    if (current && current.text !== text) setAttribute(current.text.element, 'aria-describedby', undefined);
    current = { text, place };
    mark.clear();
    mark.add(range);
    const { turn, side } = answer;
    const result = await actions.ask('tokenExperts', { turn, side, token: place.token });
    if (call !== latest) return;
    if (result === undefined) {
      close();
      return;
    }
    const rows = result && routingRows(result.experts, about.moeLayers(), about.planFor(answer));
    const heading = { token: range.toString(), number: place.token + 1, side };
    popup.show(range, heading, rows);
    setAttribute(text.element, 'aria-describedby', popup.id);
    if (aloud) actions.announce(routingSummary(heading, rows));
  };

  popup.element.addEventListener('pointerleave', close);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && current) close();
  });

  return {
    element: popup.element,
    close,
    watch(text, answer) {
      const { element } = text;
      element.addEventListener('pointermove', ({ clientX, clientY, buttons }) => {
        if (buttons !== 0) return;
        const offset = text.offsetAt(clientX, clientY);
        const place = offset === null ? null : tokenAt(answer.ends(), offset);
        if (!place || (current?.text === text && current.place.token === place.token)) return;
        clearTimeout(timer);
        timer = setTimeout(() => {
          start(inspect(text, answer, place, false));
        }, DWELL);
      });
      element.addEventListener('pointerleave', ({ relatedTarget }) => {
        clearTimeout(timer);
        if (!(relatedTarget instanceof Node && popup.element.contains(relatedTarget))) close();
      });
      element.addEventListener('blur', close);
      element.addEventListener('keydown', (event) => {
        const ends = answer.ends();
        const at = current?.text === text ? current.place.token : null;
        const place = placeByKey(event.key, ends, at);
        if (event.key === 'PageDown' && at !== null) popup.element.scrollBy(0, 120);
        else if (event.key === 'PageUp' && at !== null) popup.element.scrollBy(0, -120);
        else if (place) start(inspect(text, answer, place, true));
        else return;
        event.preventDefault();
      });
    },
  };
}

function placeByKey(key: string, ends: readonly number[], at: number | null): TokenPlace | null {
  const stay = (): TokenPlace | null => (at === null ? null : placeOf(ends, at));
  if (key === 'ArrowRight') return tokenBeside(ends, at, 1) ?? stay();
  if (key === 'ArrowLeft') return tokenBeside(ends, at, -1) ?? stay();
  if (key === 'Home') return tokenBeside(ends, null, 1);
  return key === 'End' ? tokenBeside(ends, null, -1) : null;
}

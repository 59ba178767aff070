/** The playground: asks the host for what it shows, and draws the newest snapshot at most once a frame. */
import { isObject } from '../../src/core/pairs/finding.js';
import type { PlaygroundContract, PlaygroundSnapshot } from '../../src/protocol/webview.js';
import { announce } from '../ui/announce.js';
import { connectHost, failureOf } from '../ui/hostClient.js';
import { HeldValue } from '../ui/heldValue.js';
import { notices } from './notices.js';
import { playground } from './playground.js';
import { start } from './start.js';
import { NEW_VIEW_STATE, type Actions, type ViewState } from './viewState.js';

let newest: PlaygroundSnapshot | null = null;
let due = false;
const said: string[] = [];

const host = connectHost<PlaygroundContract, ViewState>({
  fits: (snapshot): snapshot is PlaygroundSnapshot =>
    isObject(snapshot) &&
    [snapshot.turns, snapshot.lists, snapshot.plans, snapshot.dropped].every(Array.isArray) &&
    [snapshot.board, snapshot.engine, snapshot.settings].every(isObject) &&
    (snapshot.answering === null || isObject(snapshot.answering)) &&
    (snapshot.draft === null || isObject(snapshot.draft)),
  onSnapshot(snapshot) {
    newest = snapshot;
    board.snapshotArrived();
    settings.snapshotArrived();
    redraw();
  },
});
const message = notices();
const actions: Actions = {
  state: { ...NEW_VIEW_STATE, ...host.readState() },
  async ask(name, params) {
    try {
      return await host.request(name, params);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.reason !== 'cancelled') message.fail(failure);
      return undefined;
    }
  },
  setBoard(next) {
    start(board.change(next).then(redraw));
    // At once: the heat map reads out what its click made of an expert.
    draw();
  },
  setSettings(next) {
    start(settings.change(next).then(redraw));
    // At once: the next change, of another field, is made on this one.
    draw();
  },
  announce(words) {
    // Two answers often end in one frame: both are said.
    if (said.push(words) > 1) return;
    queueMicrotask(() => {
      announce(said.splice(0).join('. '));
    });
  },
  tell: (words) => {
    message.tell(words);
  },
  redraw,
  keep(change) {
    Object.assign(actions.state, change);
    host.keepState(change);
  },
};
const board = new HeldValue(async (value: PlaygroundSnapshot['board']) => {
  return (await actions.ask('setBoard', { board: value })) !== undefined;
});
const settings = new HeldValue(async (value: PlaygroundSnapshot['settings']) => {
  return (await actions.ask('setSettings', { settings: value })) !== undefined;
});
const view = playground(actions, { board, settings });
document.body.append(message.element, ...view.elements);

function redraw(): void {
  if (due || !newest) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    draw();
  });
}

function draw(): void {
  if (newest) view.update(newest);
}

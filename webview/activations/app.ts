import type { Board } from '../../src/core/plans/board.js';
import type { ActivationsContract, ActivationsSnapshot } from '../../src/protocol/webview.js';
import { announce } from '../ui/announce.js';
import { counted } from '../ui/figures.js';
import { failureNotice } from '../ui/failureNotice.js';
import { HeldValue } from '../ui/heldValue.js';
import { connectHost, failureOf } from '../ui/hostClient.js';
import { make, show } from '../ui/make.js';
import { onThemeChange, readTheme } from '../ui/theme.js';
import { charts } from './charts.js';
import { selectedAsText, toCsv } from './csvExport.js';
import { cycled } from '../ui/switching.js';
import { expertList, listView, type ExpertList, type ListView } from './listView.js';
import { pngOf } from './pngExport.js';
import { fitsActivations } from './snapshotFits.js';
import { toSvg } from './svgExport.js';
import { FIRST_VIEW, type ViewState } from './viewState.js';

/** The activation charts: snapshots in, requests out. */
export function chartsApp(root: HTMLElement): void {
  let snapshot: ActivationsSnapshot | null = null;
  let list: ExpertList | null = null;
  let view: ListView | null = null;

  const main = root.appendChild(make('main'));
  const refused = failureNotice({
    label: 'Open as text',
    run: () => {
      ask('openAsText');
    },
  });
  const trouble = failureNotice();
  const waiting = make('p', { class: 'dim', role: 'status' }, 'Reading the list of experts…');
  main.append(waiting);

  const host = connectHost<ActivationsContract, ViewState>({
    fits: fitsActivations,
    onSnapshot: (next) => {
      const first = list === null;
      // Ranked once: it is the same object until the host sends another.
      if (next.content !== snapshot?.content)
        list = next.content && 'file' in next.content ? expertList(next.content.file) : null;
      snapshot = next;
      heldBoard.snapshotArrived();
      draw();
      if (first && list) restore();
    },
  });
  let state: ViewState = { ...FIRST_VIEW, ...host.readState() };
  const heldBoard = new HeldValue<Board>(async (board) => {
    try {
      await host.request('setBoard', { board }, { timeout: 10_000 });
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  });
  const parts = charts(
    {
      setBoard: changeBoard,
      press: (expert) => {
        if (view) changeBoard(cycled(view, expert));
      },
      keep: (part) => {
        state = { ...state, ...part };
        host.keepState(part);
        if (!('scroll' in part || 'tableScroll' in part)) draw();
      },
      redraw: draw,
      loadPair: (pair, signal) => host.request('showPair', { pair }, { signal }),
      openPlayground: () => {
        ask('openPlayground');
      },
      savePlan: () => {
        void answered(host.request('savePlan', null), 'The plan');
      },
      openAsText: () => {
        ask('openAsText');
      },
      copySelected: () => {
        if (view) void copied(view);
      },
      export: (format) => {
        if (!view) return;
        const theme = readTheme();
        const write = {
          png: (now: ListView) => pngOf(now, state.quantity, theme),
          svg: (now: ListView) => toSvg(now, state.quantity, theme),
          csv: toCsv,
        }[format];
        void answered(host.request('export', { format, data: write(view) }), 'The export');
      },
    },
    state,
  );
  main.append(refused.element, trouble.element, parts.element);
  parts.element.hidden = true;

  function changeBoard(board: Board): void {
    void heldBoard.change(board).then(draw);
    draw();
  }

  function ask(name: 'openPlayground' | 'openAsText'): void {
    trouble.update(null);
    host.request(name, null).catch(fail);
  }

  async function answered(request: Promise<{ file: string } | null>, what: string): Promise<void> {
    trouble.update(null);
    try {
      const saved = await request;
      if (saved) announce(`${what} was saved as ${saved.file}.`);
    } catch (error) {
      fail(error);
    }
  }

  async function copied(from: ListView): Promise<void> {
    trouble.update(null);
    try {
      await host.request('copy', { text: selectedAsText(from) });
      const { activated, deactivated } = from.plan;
      announce(`${counted(activated.length + deactivated.length, 'expert')} copied.`);
    } catch (error) {
      fail(error);
    }
  }

  function fail(error: unknown): void {
    const failure = failureOf(error);
    trouble.update(failure.reason === 'cancelled' ? null : failure);
    draw();
  }

  function draw(): void {
    if (!snapshot) return;
    const { content } = snapshot;
    show(waiting, content === null);
    refused.update(content && 'failure' in content ? content.failure : null);
    view = list && listView(list, heldBoard.shown(snapshot.board));
    show(parts.element, view !== null);
    if (view) parts.update({ view, state, snapshot });
  }

  function restore(): void {
    // Scrolling lays the page out at once, which nobody needs at its top.
    if (state.scroll > 0) window.scrollTo(0, state.scroll);
    if (state.tableScroll > 0) parts.table.scrollTo(state.tableScroll);
  }

  let due = 0;
  window.addEventListener('scroll', () => {
    clearTimeout(due);
    due = window.setTimeout(() => {
      host.keepState({ scroll: window.scrollY });
    }, 200);
  });
  onThemeChange(draw);
}

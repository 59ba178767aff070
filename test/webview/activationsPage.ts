import type { Board } from '../../src/core/plans/board.js';
import type { ExpertsFile } from '../../src/core/statistics/expertStatistics.js';
import type { ActivationsContract, ActivationsSnapshot } from '../../src/protocol/webview.js';
import { openWebview, type FakeHost } from './fakeHost.js';
import { demoLike, TWO_AND_TWO } from './fixtures/expertsFiles.js';
import { pairTokens } from './fixtures/pairTokens.js';

type Options = NonNullable<Parameters<typeof openWebview<ActivationsContract>>[1]>;

export function snapshotOf(file: ExpertsFile, part: Partial<ActivationsSnapshot> = {}): ActivationsSnapshot {
  const fileName = 'digits-or-words.experts.json';
  return { fileName, content: { file }, board: TWO_AND_TWO, pairs: 100, engine: 'ready', ...part };
}

/** Chooses an entry of the menu "Export". */
export async function chooseExport({ page }: Pick<FakeHost<ActivationsContract>, 'page'>, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name }).click();
}

/** The charts on a list, with a host that does what it is asked and sends back every board. */
export async function openCharts(
  options: Options & { file?: ExpertsFile; part?: Partial<ActivationsSnapshot> } = {},
): Promise<FakeHost<ActivationsContract>> {
  const { file = demoLike(), part = {}, handlers, ...rest } = options;
  let host: FakeHost<ActivationsContract> | null = null;
  host = await openWebview<ActivationsContract>('activations', {
    handlers: {
      setBoard: async ({ board }: { board: Board }) => {
        await host?.snapshot({ board });
        return { ok: null };
      },
      showPair: ({ pair }) => ({ ok: pairTokens(file, pair) }),
      openPlayground: () => ({ ok: null }),
      openAsText: () => ({ ok: null }),
      copy: () => ({ ok: null }),
      savePlan: () => ({ ok: { file: 'digits.steering.json' } }),
      export: ({ format }) => ({ ok: { file: `chart.${format}` } }),
      ...handlers,
    },
    ...rest,
  });
  await host.snapshot(snapshotOf(file, part));
  await host.page.locator('main h1, main .failure:not([hidden])').first().waitFor();
  return host;
}

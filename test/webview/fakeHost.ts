import { chromium, type Browser, type Page } from 'playwright-core';
import type { Answer, Contract } from '../../src/protocol/webview.js';
import { bundleOf } from './bundles.js';
import { CHROMIUM_FLAGS, chromiumPath } from './chromium.mjs';
import { THEMES, type ThemeName } from './themes.js';

const ORIGIN = 'https://webview.test';
const NONCE = 'bm9uY2U';
/**
 * The policy of the extension's panels: its own style sheet and what has the nonce. The toolkit asks the page's
 * csp-nonce for the one empty style element by which it tries out :focus-visible.
 */
const CSP = `default-src 'none'; style-src ${ORIGIN} 'nonce-${NONCE}'; script-src 'nonce-${NONCE}'; img-src ${ORIGIN}; font-src ${ORIGIN}`;

type Handlers<C extends Contract> = {
  [N in keyof C['requests']]?: (
    params: C['requests'][N]['params'],
  ) => Answer<C['requests'][N]['result']> | Promise<Answer<C['requests'][N]['result']>>;
};

export interface Posted {
  kind: string;
  id?: number;
  name?: string;
  params?: unknown;
}

/** A host for one webview of contract C: what the view said, and what the test says to it. */
export interface FakeHost<C extends Contract> {
  page: Page;
  /** Everything that the view posted, in order. */
  posted: Posted[];
  /** Errors of the page, violations of the policy among them. */
  errors: string[];
  /** Parameters of the view's requests of one name. */
  requests: <N extends keyof C['requests'] & string>(name: N) => C['requests'][N]['params'][];
  /** All fields of a snapshot, or those that changed. */
  snapshot: (fields: Partial<C['snapshot']>) => Promise<void>;
  say: (message: unknown) => Promise<void>;
  setTheme: (theme: ThemeName) => Promise<void>;
  close: () => Promise<void>;
}

let browser: Promise<Browser> | null = null;

export function launch(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_FLAGS });
  return browser;
}

export async function closeBrowser(): Promise<void> {
  const running = browser;
  browser = null;
  await (await running)?.close();
}

/** Opens one webview alone, as VS Code would: policy, theme, and a host that answers by `handlers` or not at all. */
export async function openWebview<C extends Contract>(
  name: 'activations' | 'playground',
  options: {
    handlers?: Handlers<C>;
    theme?: ThemeName;
    size?: { width: number; height: number };
    /** View state from before. */
    state?: unknown;
  } = {},
): Promise<FakeHost<C>> {
  const { handlers = {}, theme = 'dark', size = { width: 1200, height: 900 }, state } = options;
  const [{ script, style }, running] = await Promise.all([bundleOf(name), launch()]);
  const page = await running.newPage({ viewport: size, reducedMotion: 'reduce' });
  page.setDefaultTimeout(8000);
  const posted: Posted[] = [];
  const errors: string[] = [];
  const say = (message: unknown): Promise<void> => page.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`);
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.exposeFunction('hostHears', async (message: Posted) => {
    posted.push(message);
    const handler = (handlers as Record<string, ((params: unknown) => unknown) | undefined>)[message.name ?? ''];
    if (message.kind === 'request' && handler)
      await say({ kind: 'answer', id: message.id, answer: await handler(message.params) });
  });
  const { bodyClass, variables } = THEMES[theme];
  await page.addInitScript(`
    let viewState = ${JSON.stringify(state ?? null)} ?? undefined;
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => { window.hostHears(message); },
      getState: () => viewState,
      setState: (next) => { viewState = next; window.keptState = next; return next; },
    });`);
  const rootStyle = styleText(variables);
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>SteerMoE</title>
    <meta http-equiv="Content-Security-Policy" content="${CSP}">
    <meta property="csp-nonce" content="${NONCE}">
    <link rel="stylesheet" href="${ORIGIN}/view.css"></head>
    <body class="${bodyClass}"><script nonce="${NONCE}" src="${ORIGIN}/view.js"></script></body></html>`;
  await page.route('**/*', (route) => {
    const url = route.request().url();
    if (url === `${ORIGIN}/`) return route.fulfill({ contentType: 'text/html', body: html });
    if (url.endsWith('/view.js')) return route.fulfill({ contentType: 'text/javascript', body: script });
    if (url.endsWith('/view.css')) return route.fulfill({ contentType: 'text/css', body: style });
    if (!url.endsWith('favicon.ico')) errors.push(`The view asked for ${url}.`);
    return route.fulfill({ status: 204, body: '' });
  });
  // VS Code sets the variables from its own script, before the view's runs.
  await page.addInitScript(`
    new MutationObserver((_, observer) => {
      if (!document.documentElement) return;
      document.documentElement.style.cssText = ${JSON.stringify(rootStyle)};
      observer.disconnect();
    }).observe(document, { childList: true });`);
  await page.goto(`${ORIGIN}/`);
  await until(() => posted.some(({ kind }) => kind === 'ready'));
  return {
    page,
    posted,
    errors,
    requests: (wanted) => posted.filter(({ name: asked }) => asked === wanted).map(({ params }) => params),
    snapshot: (fields) => say({ kind: 'snapshot', fields }),
    say,
    async setTheme(next) {
      const { bodyClass: nextClass, variables: nextVariables } = THEMES[next];
      await page.evaluate(`
        document.documentElement.style.cssText = ${JSON.stringify(styleText(nextVariables))};
        document.body.className = ${JSON.stringify(nextClass)};
        new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));`);
    },
    close: () => page.close(),
  };
}

/** Waits for what a test cannot await; fails after ten seconds. */
export async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await met())) {
    if (Date.now() > deadline) throw new Error(`Waited ten seconds for: ${met.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function styleText(variables: Record<string, string>): string {
  return Object.entries(variables)
    .map(([name, value]) => `--vscode-${name}: ${value};`)
    .join(' ');
}

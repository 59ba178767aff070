import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { HumanError } from '../../../core/humanError.js';

/** The hub that hf: means; as for llama.cpp and the hub's own tools, a mirror can be named in the environment. */
export function hubEndpoint(): string {
  const named = process.env['HF_ENDPOINT'] ?? process.env['MODEL_ENDPOINT'];
  return (named ?? 'https://huggingface.co').replace(/\/+$/, '');
}

/** The user's token for the hub, from the environment or where the hub's own tools keep it. */
async function hubToken(): Promise<string | undefined> {
  const { HF_TOKEN, HF_HOME, HF_TOKEN_PATH, XDG_CACHE_HOME } = process.env;
  if (HF_TOKEN) return HF_TOKEN;
  const home = HF_HOME ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'huggingface');
  const token = await readFile(HF_TOKEN_PATH ?? join(home, 'token'), 'utf8').catch(() => '');
  return token.trim() || undefined;
}

const MOST_REDIRECTS = 6;

/**
 * Asks an address, and where it sends on to asks there; the headers of all answers come together, the first one's
 * winning, since the hub names a file's hash before it sends on to where the file lies. The token goes to the hub alone.
 * Fails with download-failed where nobody answers.
 */
export async function ask(
  url: string,
  method: 'GET' | 'HEAD',
  signal: AbortSignal,
  headers: Record<string, string> = {},
): Promise<{ response: Response; headers: Headers; url: string }> {
  const all = new Headers();
  let at = new URL(url);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const token = at.origin === new URL(hubEndpoint()).origin ? await hubToken() : undefined;
    const response = await fetch(at, {
      method,
      redirect: 'manual',
      signal,
      headers: { 'accept-encoding': 'identity', ...headers, ...(token && { authorization: `Bearer ${token}` }) },
    }).catch((error: unknown) => {
      throw signal.aborted ? error : unreachable(at.host, error);
    });
    response.headers.forEach((value, name) => {
      if (!all.has(name)) all.set(name, value);
    });
    const next = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || next === null)
      return { response, headers: all, url: at.href };
    await response.body?.cancel();
    at = new URL(next, at);
  }
  throw new HumanError('download-failed', `${url} sends on and on.`, 'Check the address.');
}

function unreachable(host: string, error: unknown): HumanError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause);
  return new HumanError(
    'download-failed',
    `${host} cannot be reached (${why}).`,
    'Check the connection and run it again; what was downloaded is kept.',
    { cause: error },
  );
}

/** A sentence for an answer that is no success. */
export function refused(what: string, status: number): HumanError {
  if (status === 401 || status === 403)
    return new HumanError(
      'download-failed',
      `${what} is not there, or not open to everybody (HTTP ${status}).`,
      'Check the name; for a gated model accept its terms on its page, and set HF_TOKEN to a token of yours.',
    );
  if (status === 404) return new HumanError('model-missing', `${what} does not exist (HTTP 404).`, 'Check the name.');
  return new HumanError(
    'download-failed',
    `The server refuses ${what} (HTTP ${status}).`,
    status === 429 || status >= 500 ? 'Try again in a few minutes.' : 'Check the address.',
  );
}

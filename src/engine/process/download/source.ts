import { basename } from 'node:path';
import { z } from 'zod';
import { HumanError } from '../../../core/humanError.js';
import { isLaterPart, partsOf } from '../../models/ggufFiles.js';
import { ask, hubEndpoint, refused } from './hub.js';

/** Where a model is downloaded from. */
export interface Source {
  /** Folders below that of all downloads: publisher and repository, or the host. */
  place: string[];
  parts: SourcePart[];
}

export interface SourcePart {
  name: string;
  url: string;
  bytes: number;
  /** Hex, where the server names it. */
  sha256: string | undefined;
  /** What else tells one version from another. */
  version: string | undefined;
}

const HUB = /^(?:hf:(?:\/\/)?|huggingface:(?:\/\/)?|hf\.co\/|huggingface\.co\/)/i;
const NAME = /^[\w.-]+$/;
const NAME_OF_QUANT = /^[\w.-]{1,64}$/;

/** What of the hub's answer about a quantisation is used. */
const manifest = z.object({ ggufFile: z.object({ rfilename: z.string().regex(/\.gguf$/i) }) });

/** Finds the files that a URI names, with their sizes and hashes. Fails with HumanError. */
export async function findSource(uri: string, signal: AbortSignal): Promise<Source> {
  const hub = hubAddress(uri);
  const { url, place } = hub ? await onHub(uri, hub, signal) : elsewhere(uri);
  if (isLaterPart(url.pathname)) throw wrong(uri, 'it names a later part of a split model; name the first one');
  const parts = await Promise.all(
    partsOf(url.pathname).map((path) => sourcePart(new URL(`${url.origin}${path}${url.search}`), signal)),
  );
  return { place, parts };
}

/** "user/repo:quant" and the like, of the ways in which the hub is named; undefined for other addresses. */
function hubAddress(uri: string): string | undefined {
  const short = HUB.exec(uri);
  if (short) return uri.slice(short[0].length);
  for (const endpoint of [hubEndpoint(), 'https://huggingface.co', 'https://hf.co']) {
    if (!uri.startsWith(`${endpoint}/`)) continue;
    const [user, repo, what, branch, ...path] = uri
      .slice(endpoint.length + 1)
      .replace(/[?#].*$/, '')
      .split('/');
    if (what === undefined) return `${user ?? ''}/${repo ?? ''}`;
    if (['resolve', 'blob', 'raw'].includes(what) && branch !== undefined)
      return decodeURIComponent(`${user ?? ''}/${repo ?? ''}/${path.join('/')}#${branch}`);
  }
  return undefined;
}

async function onHub(uri: string, address: string, signal: AbortSignal): Promise<{ url: URL; place: string[] }> {
  const [withoutBranch, branch = 'main'] = address.split('#');
  const [user = '', second = '', ...path] = withoutBranch!.split('/');
  const [repo = '', quant = 'latest'] = second.split(':');
  if (!NAME.test(user) || !NAME.test(repo) || /^\.+$/.test(user) || /^\.+$/.test(repo) || !NAME_OF_QUANT.test(quant))
    throw wrong(uri, 'it is not of the form hf:user/repo:quant or hf:user/repo/file.gguf');
  const file = path.length > 0 ? path.join('/') : await fileOfQuant(`${user}/${repo}`, quant, signal);
  if (!/\.gguf$/i.test(file)) throw wrong(uri, 'it names no .gguf file');
  const escaped = [user, repo, 'resolve', branch, ...file.split('/')].map(encodeURIComponent).join('/');
  return { url: new URL(`${hubEndpoint()}/${escaped}`), place: [user, repo] };
}

async function fileOfQuant(repo: string, quant: string, signal: AbortSignal): Promise<string> {
  // The hub names the file to those who say that they are llama.cpp.
  const url = `${hubEndpoint()}/v2/${repo}/manifests/${encodeURIComponent(quant)}`;
  const { response } = await ask(url, 'GET', signal, { 'user-agent': 'llama-cpp', accept: 'application/json' });
  if (response.status === 400) throw refused(`The quantisation ${quant} of ${repo}`, 404);
  if (!response.ok) throw refused(`The model ${repo}:${quant}`, response.status);
  const read = manifest.safeParse(await response.json().catch(() => undefined));
  if (read.success) return read.data.ggufFile.rfilename;
  throw new HumanError('model-missing', `${repo}:${quant} has no GGUF file.`, 'Name a repository of GGUF files.');
}

function elsewhere(uri: string): { url: URL; place: string[] } {
  let url: URL;
  try {
    url = new URL(uri);
  } catch {
    throw wrong(uri, 'it is neither of the form hf:user/repo:quant nor a web address');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw wrong(uri, 'only http and https are read');
  if (!/\.gguf$/i.test(url.pathname)) throw wrong(uri, 'it names no .gguf file');
  return { url, place: [url.hostname.replace(/[^\w.-]/g, '_')] };
}

async function sourcePart(url: URL, signal: AbortSignal): Promise<SourcePart> {
  const name = basename(decodeURIComponent(url.pathname));
  const { response, headers } = await ask(url.href, 'HEAD', signal);
  if (!response.ok) throw refused(name, response.status);
  const version = headers.get('x-linked-etag') ?? headers.get('etag') ?? undefined;
  const hash = version?.replace(/^W\//, '').replaceAll('"', '').toLowerCase();
  return {
    name,
    url: url.href,
    bytes: Number(headers.get('x-linked-size') ?? response.headers.get('content-length') ?? 0),
    sha256: hash !== undefined && /^[0-9a-f]{64}$/.test(hash) ? hash : undefined,
    version,
  };
}

function wrong(uri: string, why: string): HumanError {
  return new HumanError('model-missing', `${uri} cannot be downloaded: ${why}.`, 'See "steermoe models get --help".');
}

/** The messages about downloads of models; an engine process of its own serves them, and is asked for nothing else. */
import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { DownloadState } from '../core/memory/downloadWords.js';
import type { EngineFailure } from './engine.js';

export interface DownloadParams {
  /** hf:user/repo:quant, hf:user/repo/file.gguf, or the address of a GGUF; of a split model the first part's. */
  uri: string;
  /** Folder of all downloads; the file goes into a folder of its publisher and repository. */
  folder: string;
  /** Without a byte for this long it ends; what came is kept. */
  stallSeconds: number;
}

/** Bytes of all parts together. */
export type DownloadProgress = DownloadState;

export interface Downloaded {
  path: string;
  bytes: number;
  /** "checked": every part has the SHA-256 that the server named; "none": it named none. */
  hash: 'checked' | 'none';
}

/**
 * Downloads a model, or goes on with what an earlier download left. Cancelling keeps what came. Fails with
 * download-failed, disk-full, model-missing or write-failed.
 */
export const downloadModel = new RequestType<DownloadParams, Downloaded, EngineFailure>('download');
export const downloadProgress = new NotificationType<DownloadProgress>('download/progress');

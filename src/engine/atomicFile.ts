import { randomUUID } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { HumanError } from '../core/humanError.js';

/**
 * Writes a file whole or not at all: into a new file beside it, flushed to the disk, then renamed over it. Until then,
 * and after any failure, the old file stays as it was. Fails with HumanError write-failed.
 */
export async function writeFileAtomic(
  path: string,
  content: string | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const partial = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  let file: FileHandle | undefined;
  try {
    file = await open(partial, 'wx');
    if (typeof content === 'string') await file.writeFile(content);
    else for await (const part of content) await file.writeFile(part);
    await file.sync();
    await file.close();
    await rename(partial, path);
  } catch (error) {
    await file?.close().catch(() => undefined);
    await rm(partial, { force: true }).catch(() => undefined);
    throw writeFailure(path, error);
  }
}

const CAUSES: Partial<Record<string, [why: string, next: string]>> = {
  ENOSPC: ['the disk is full', 'Make room on the disk and run it again; what was there before is as it was.'],
  EDQUOT: ['your share of the disk is used up', 'Make room and run it again; what was there before is as it was.'],
  EACCES: ['its folder does not allow it', 'Choose another place for the file, or change the permissions.'],
  EPERM: ['its folder does not allow it', 'Choose another place for the file, or change the permissions.'],
  EROFS: ['the disk is read-only', 'Choose another place for the file.'],
  ENOENT: ['its folder does not exist', 'Create the folder, or choose another place for the file.'],
  ENOTDIR: ['its folder is a file', 'Choose another place for the file.'],
  EISDIR: ['a folder has that name', 'Choose another name for the file.'],
};

/** What a person reads when a file cannot be written. Errors that are sentences already pass. */
export function writeFailure(path: string, error: unknown): HumanError {
  if (error instanceof HumanError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const [why, next] = CAUSES[code ?? ''] ?? [code ?? message, 'Check the disk, or choose another place for the file.'];
  return new HumanError('write-failed', `${path} cannot be written: ${why}.`, next, { cause: error });
}

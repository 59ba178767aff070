import { readFile, stat } from 'node:fs/promises';
import { HumanError } from '../core/humanError.js';

/** Lists and plans larger than this are refused before they are read: a list of a huge model is under 2 MB. */
export const LARGEST_JSON = 64 * 1024 * 1024;

/** The text of a file, at most `most` bytes. Fails with HumanError file-missing, file-unreadable or file-invalid. */
export async function readText(path: string, most = LARGEST_JSON): Promise<string> {
  return new TextDecoder('utf-8').decode(await readBytes(path, most));
}

export async function readBytes(path: string, most = 1024 * 1024 * 1024): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > most)
      throw new HumanError(
        'file-invalid',
        `${path} has ${Math.round(size / 1e6).toLocaleString('en')} MB; files of more than ${Math.round(most / 1e6)} MB are not read.`,
        'Check that it is the file you mean, and run the detection again.',
      );
    return await readFile(path);
  } catch (error) {
    if (error instanceof HumanError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new HumanError('file-missing', `${path} is not there any more.`, 'Choose another file, or restore it.');
    const why = code === 'EACCES' ? 'you have no permission' : code === 'EISDIR' ? 'it is a folder' : (code ?? message);
    throw new HumanError('file-unreadable', `${path} cannot be read: ${why}.`, 'Check the file and its permissions.');
  }
}

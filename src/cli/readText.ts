import { readFile } from 'node:fs/promises';
import { HumanError } from '../core/humanError.js';

/** The bytes of a file that the user named. Fails with HumanError file-missing or file-unreadable. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new HumanError('file-missing', `There is no file ${path}.`, 'Check the path.');
    if (code === 'EISDIR') throw new HumanError('file-unreadable', `${path} is a folder.`, 'Name a file in it.');
    const why = code === 'EACCES' ? 'you have no permission' : (code ?? message);
    throw new HumanError('file-unreadable', `${path} cannot be read: ${why}.`, 'Check the file and its permissions.');
  }
}

/** The text of a file that the user named, and what `parse` makes of it; errors name the file. */
export async function readAs<T>(path: string, parse: (text: string) => T): Promise<T> {
  const bytes = await readBytes(path);
  try {
    return parse(new TextDecoder('utf-8').decode(bytes));
  } catch (error) {
    if (!(error instanceof HumanError)) throw error;
    throw new HumanError(error.reason, `${path}: ${error.message}`, error.next, { cause: error });
  }
}

import type { z } from 'zod';
import { HumanError } from '../humanError.js';
import { firstJsonError, placeInJson } from '../pairs/jsonPlace.js';

function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/**
 * The content of one of our versioned JSON files. `what` is the file in words, such as "This list of experts".
 * Fails with HumanError: file-invalid for text that is not JSON or not of the schema, with the place of the first error;
 * file-newer where a later version of the extension wrote it.
 */
export function parseJsonFile<T>(text: string, what: string, version: number, schema: z.ZodType<T>): T {
  const content = text.replace(/^\uFEFF/, '');
  const repair = 'Correct it by hand, or make the file anew.';
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    const { offset, message } = firstJsonError(content);
    const where = place(content, offset);
    throw new HumanError('file-invalid', `${what} is not valid JSON (${where}): ${message}.`, repair);
  }
  const given = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof given === 'number' && given > version) {
    throw new HumanError(
      'file-newer',
      `${what} has format version ${given}; this version of SteerMoE reads up to ${version}.`,
      'Update SteerMoE to open it.',
    );
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = (issue?.path ?? []).map((step) => (typeof step === 'symbol' ? String(step) : step));
  const where = place(content, placeInJson(content, path).start);
  const field = path.length > 0 ? `"${path.join('.')}"` : 'the whole';
  throw new HumanError('file-invalid', `${what} is not right at ${field} (${where}): ${issue?.message}.`, repair);
}

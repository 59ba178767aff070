import type { Problem } from '../../core/pairs/pair.js';
import { plainText } from './plainText.js';

/** "pairs.jsonl:17:5: message", as compilers write it; warnings say so. */
export function problemLine(file: string, { line, column, message, severity }: Problem): string {
  const text = plainText(message).replaceAll('\n', ' ');
  return `${file}:${line}:${column}: ${severity === 'warning' ? 'warning: ' : ''}${text}\n`;
}

/** "3 errors, 1 warning". */
export function countProblems(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  return warnings === 0 ? count(errors, 'error') : `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
}

import { Fault } from './fault.js';

/** The largest published templates have some ten thousand characters and nest about ten deep. */
const LONGEST = 1 << 18;
const DEEPEST = 100;

const OPENING = /^(if|for|macro|call|filter|set|block|generation)\b/;

/**
 * Refuses a chat template that would take its parser minutes or the whole stack. An inexact count is enough: brackets
 * in {{ }} and {% %}, strings left out, and the statements that are open.
 */
export function checkTemplateBounds(template: string): void {
  if (template.length > LONGEST) throw new Fault(`its chat template is ${template.length} characters long`);
  let blocks = 0;
  for (const [, statement = '', expression = ''] of template.matchAll(/\{%[-+]?(.*?)%\}|\{\{(.*?)\}\}/gs)) {
    if (/^\s*end/.test(statement)) blocks--;
    else if (OPENING.test(statement.trim()) && !/^\s*set\b.*=/s.test(statement)) blocks++;
    if (blocks > DEEPEST || depth(statement + expression) > DEEPEST)
      throw new Fault(`its chat template is nested more than ${DEEPEST} deep`);
  }
}

function depth(code: string): number {
  let open = 0;
  let deepest = 0;
  let quote = '';
  for (let i = 0; i < code.length; i++) {
    const character = code[i]!;
    if (quote !== '') {
      if (character === '\\') i++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if ('([{'.includes(character)) deepest = Math.max(deepest, ++open);
    else if (')]}'.includes(character)) open--;
  }
  return deepest;
}

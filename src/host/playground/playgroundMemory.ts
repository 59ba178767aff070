import { isObject } from '../../core/pairs/finding.js';
import type { PlaygroundSettings, SideAnswer, Turn } from '../../protocol/webview.js';
import type { Memory } from '../memory.js';
import { readSettings } from './playgroundRequests.js';

/** What of a playground outlives the window. */
export interface KeptPlayground {
  list: string | undefined;
  settings: PlaygroundSettings | undefined;
  turns: readonly Turn[];
}

export function readKept(memory: Memory, id: string): KeptPlayground {
  const kept = memory.get<unknown>(key(id));
  if (!isObject(kept)) return { list: undefined, settings: undefined, turns: [] };
  const turns = Array.isArray(kept.turns) ? (kept.turns as Turn[]) : [];
  return {
    list: typeof kept.list === 'string' ? kept.list : undefined,
    settings: readSettings(kept.settings),
    turns: turns.map((turn) => ({ ...turn, baseline: ended(turn.baseline), steered: ended(turn.steered) })),
  };
}

export function keep(memory: Memory, id: string, kept: KeptPlayground | undefined): void {
  void memory.update(key(id), kept);
}

/** An answer that ran when the window was closed runs no more; one of an older version says less. */
function ended(answer: Partial<SideAnswer> | null): SideAnswer | null {
  if (!answer) return null;
  const whole = { stop: null, ...answer } as SideAnswer;
  return whole.state === 'running' ? { ...whole, state: 'stopped' } : whole;
}

function key(id: string): string {
  return `playground:${id}`;
}

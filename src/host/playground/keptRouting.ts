import type { AnswerSide } from '../../protocol/webview.js';

/** The selections of the answer tokens of this session; not kept over a reload. */
export class KeptRouting {
  private readonly kept = new Map<string, Uint16Array[]>();

  add(turn: number, side: AnswerSide, token: number, experts: Uint16Array): void {
    const key = `${turn}/${side}`;
    const tokens = this.kept.get(key) ?? [];
    tokens[token] = experts;
    this.kept.set(key, tokens);
  }

  get(turn: number, side: AnswerSide, token: number): number[] | null {
    const experts = this.kept.get(`${turn}/${side}`)?.[token];
    return experts ? Array.from(experts) : null;
  }

  drop(turn: number): void {
    this.kept.delete(`${turn}/baseline`);
    this.kept.delete(`${turn}/steered`);
  }

  clear(): void {
    this.kept.clear();
  }
}

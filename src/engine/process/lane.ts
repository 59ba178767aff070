import type { LaneRequest, LaneResult } from '../../protocol/engine.js';

/** Why a lane ended. */
type Stop = LaneResult['stop'];

/** One answer in the making: what it has still to read, what it has said, and how fast. */
export class Lane {
  /** Tokens of the prompt and the answer so far; those before `computed` are in the cache. */
  readonly tokens: number[];
  computed = 0;
  cached = 0;
  cancelled = false;
  stop: Stop | undefined;
  /** Answer tokens whose experts were told. */
  routed = 0;
  private text = '';
  private answered = 0;
  private firstAt = 0;
  private lastAt = 0;
  private readonly decoder = new TextDecoder();

  constructor(
    readonly owner: number,
    readonly request: LaneRequest,
    readonly planKey: string,
    prompt: Int32Array,
    /** Cells that the lane may fill: prompt and answer. */
    readonly budget: number,
  ) {
    this.tokens = Array.from(prompt);
    this.promptTokens = prompt.length;
  }

  readonly promptTokens: number;

  /** Tokens that the next steps have to compute; the last of them is the one that is sampled from. */
  get pending(): number {
    return this.tokens.length - this.computed;
  }

  /** Number within the answer of the token at this place of the conversation; negative in the prompt. */
  answerIndex(position: number): number {
    return position - this.promptTokens;
  }

  /**
   * Whether the experts of the token at this place are still to be told. What is read again after a step that was undone
   * passes the last layer no more, where only what is sampled from is computed.
   */
  tellsExperts(position: number): boolean {
    return this.request.routing && this.answerIndex(position) >= this.routed;
  }

  get steered(): boolean {
    const { activated, deactivated } = this.request.plan;
    return activated.length + deactivated.length > 0;
  }

  get answerTokens(): number {
    return this.answered;
  }

  /** Takes a sampled token and the bytes that it stands for; returns the text that became whole. */
  accept(token: number, bytes: Uint8Array): string {
    this.lastAt = performance.now();
    if (this.answered === 0) this.firstAt = this.lastAt;
    this.answered++;
    this.tokens.push(token);
    const text = this.decoder.decode(bytes, { stream: true });
    this.text += text;
    if (this.answered >= this.request.maxTokens) this.stop = 'length';
    else if (this.tokens.length >= this.budget) this.stop = 'context';
    return text;
  }

  result(): LaneResult {
    const seconds = (this.lastAt - this.firstAt) / 1000;
    return {
      id: this.request.id,
      text: this.text + this.decoder.decode(),
      tokens: this.answered,
      promptTokens: this.promptTokens,
      cachedTokens: this.cached,
      tokensPerSecond: seconds > 0 ? (this.answered - 1) / seconds : 0,
      stop: this.stop ?? 'end',
    };
  }
}

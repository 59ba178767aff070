import type { DetectionProgress } from '../../engine/detectionPace.js';
import type { Output } from '../terminal.js';

const BAR = 24;
/** How often a log without a person watching gets a line, in milliseconds. */
const LOG_EVERY = 5000;
const DRAW_EVERY = 80;

/** "[######......]  37/148 pairs, 1,204 tokens/s, 1 min 12 s left". */
export function progressText({ done, total, tokensPerSecond, secondsLeft, failed }: DetectionProgress): string {
  const filled = total === 0 ? BAR : Math.floor((done / total) * BAR);
  const parts = [`${done}/${total} pairs`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (tokensPerSecond > 0) parts.push(`${Math.round(tokensPerSecond).toLocaleString('en')} tokens/s`);
  if (done < total && secondsLeft !== undefined) parts.push(`${duration(secondsLeft)} left`);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${parts.join(', ')}`;
}

export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Progress on stderr: one line that is drawn over again where a person watches, else a line every few seconds. */
export class ProgressLine {
  private last = -Infinity;
  private drawn = false;
  private latest: string | undefined;

  constructor(
    private readonly output: Output,
    private readonly now: () => number = () => performance.now(),
  ) {}

  show(text: string): void {
    this.latest = text;
    const every = this.output.isTTY ? DRAW_EVERY : LOG_EVERY;
    if (!this.output.isTTY && this.last === -Infinity) this.last = this.now();
    if (this.now() - this.last >= every) this.draw();
  }

  /** Shows the newest state and leaves the line. */
  end(): void {
    if (this.output.isTTY && this.latest !== undefined) this.draw();
    if (this.drawn) this.output.write('\n');
    this.drawn = false;
  }

  /** Takes the line away again. */
  clear(): void {
    if (this.drawn) this.output.write('\r\x1b[2K');
    this.drawn = false;
    this.latest = undefined;
  }

  private draw(): void {
    if (this.latest === undefined) return;
    this.last = this.now();
    const text = this.latest;
    this.latest = undefined;
    if (!this.output.isTTY) {
      this.output.write(`${text}\n`);
      return;
    }
    this.output.write(`\r\x1b[2K${text.slice(0, this.output.columns - 1)}`);
    this.drawn = true;
  }
}

import type { DetectionProgress } from '../../engine/detectionPace.js';

/** "37/100 · 412 tok/s · 8 s left". */
export function progressWords({ done, total, failed, tokensPerSecond, secondsLeft }: DetectionProgress): string {
  const parts = [`${done}/${total}`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (tokensPerSecond > 0) parts.push(`${Math.round(tokensPerSecond).toLocaleString('en')} tok/s`);
  if (secondsLeft !== undefined && done + failed < total) parts.push(`${duration(secondsLeft)} left`);
  return parts.join(' · ');
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

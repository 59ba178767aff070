import { gigabytes } from './memoryWords.js';

/** How far a download is; sizes in bytes, 0 while unknown. */
export interface DownloadState {
  stage: 'asking' | 'downloading' | 'checking';
  done: number;
  total: number;
  bytesPerSecond: number;
  secondsLeft: number | null;
}

/** "37 % of 4.2 GB · 11 MB/s · 4 min left". */
export function downloadWords({ stage, done, total, bytesPerSecond, secondsLeft }: DownloadState): string {
  if (stage === 'asking') return 'asking the server';
  const part = total > 0 ? `${Math.floor((done / total) * 100)} % of ${gigabytes(total)}` : gigabytes(done);
  if (stage === 'checking') return `checking, ${part}`;
  const parts = [part];
  if (bytesPerSecond > 0) parts.push(`${gigabytes(bytesPerSecond)}/s`);
  if (secondsLeft !== null && done < total) parts.push(`${timeWords(secondsLeft)} left`);
  return parts.join(' · ');
}

function timeWords(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

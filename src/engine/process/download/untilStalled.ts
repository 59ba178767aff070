import { HumanError } from '../../../core/humanError.js';

/** Fails where nothing moves for so many seconds: a connection may die without a word. */
export function untilStalled(
  seconds: number,
  done: AbortSignal,
): { moved(bytes: number): void; failure: Promise<never> } {
  let last = -1;
  let timer: NodeJS.Timeout | undefined;
  let fail: (error: HumanError) => void = () => undefined;
  const failure = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  failure.catch(() => undefined);
  const wind = (): void => {
    clearTimeout(timer);
    if (done.aborted) return;
    timer = setTimeout(() => {
      fail(
        new HumanError(
          'download-failed',
          `No data came for ${seconds} seconds, so the download was stopped.`,
          'Check the connection and start it again; what came is kept.',
        ),
      );
    }, seconds * 1000);
  };
  done.addEventListener('abort', () => {
    clearTimeout(timer);
  });
  wind();
  return {
    moved(bytes) {
      if (bytes === last) return;
      last = bytes;
      wind();
    },
    failure,
  };
}

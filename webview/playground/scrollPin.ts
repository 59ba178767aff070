/** Keeps a scrolled element at its end while text grows, until the user scrolls up; scrolling to the end pins again. */
export function scrollPin(
  element: HTMLElement,
  kept: number | null,
  keep: (scrollTop: number | null) => void,
): { grown(): void; pin(): void } {
  let restore = kept;
  let pinned = kept === null;
  let last = kept;
  element.addEventListener(
    'scroll',
    () => {
      const left = element.scrollHeight - element.clientHeight - element.scrollTop;
      pinned = left < 24;
      const at = pinned ? null : element.scrollTop;
      if (at !== last) keep((last = at));
    },
    { passive: true },
  );
  const toEnd = (): void => {
    element.scrollTop = element.scrollHeight;
  };
  // A panel that is made wider or narrower keeps its end in sight too.
  new ResizeObserver(() => {
    if (pinned) toEnd();
  }).observe(element);
  return {
    grown() {
      if (restore !== null && element.scrollHeight > element.clientHeight) {
        element.scrollTop = restore;
        restore = null;
      } else if (pinned) toEnd();
    },
    pin() {
      pinned = true;
      toEnd();
    },
  };
}

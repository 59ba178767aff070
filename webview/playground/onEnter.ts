/** Enter sends, Shift+Enter makes a new line; the Enter that ends a word of an input method does neither. */
export function onEnter(area: HTMLTextAreaElement, send: () => void): void {
  area.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
}

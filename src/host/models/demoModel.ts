/** The model that comes with the extension, and what it is shown with. */
export const DEMO_NAME = 'demo';
export const DEMO_MODEL = 'media/demo/demo.gguf';
export const DEMO_PAIRS = 'media/demo/digits-or-words.pairs.jsonl';
/** How many experts to switch for a clear effect: what media/demo/README.md measures. */
export const DEMO_BOARD = { toward: 'a', on: 8, off: 4 } as const;
/** Answered in words; steered, in digits. */
export const DEMO_PROMPT = 'How many legs does a spider have?';

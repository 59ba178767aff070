/** The model that comes with the extension, and what it is shown with. */
export const DEMO_NAME = 'demo';
export const DEMO_MODEL = 'media/demo/demo.gguf';
export const DEMO_PAIRS = 'media/demo/digits-or-words.pairs.jsonl';
/** Held out of the demo's training. Answered in words; steered with a new list's board, in digits. */
export const DEMO_PROMPT = 'Count from thirteen to seventeen.';

/** The model that comes with the extension, and what it is shown with. */
export const DEMO_NAME = 'demo';
export const DEMO_MODEL = 'media/demo/demo.gguf';
export const DEMO_PAIRS = 'media/demo/digits-or-words.pairs.jsonl';
export const DEMO_PROMPT = 'How many legs does an ant have?';

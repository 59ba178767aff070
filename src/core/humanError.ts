/** Why something failed, for code; the words for people stand in message and next. */
export type Reason =
  // the user's input
  | 'file-missing'
  | 'file-unreadable'
  | 'file-invalid'
  | 'file-newer'
  | 'pairs-invalid'
  | 'plan-mismatch'
  | 'plan-invalid'
  | 'target-missing'
  | 'conversation-too-long'
  | 'template-failed'
  // the model
  | 'model-missing'
  | 'model-invalid'
  | 'model-dense'
  | 'model-unsupported'
  | 'model-no-template'
  | 'model-load-failed'
  | 'out-of-memory'
  // the machine and the engine
  | 'engine-missing'
  | 'engine-crashed'
  | 'engine-hung'
  | 'engine-failed'
  | 'write-failed'
  | 'disk-full'
  | 'download-failed'
  | 'cancelled';

/** An error made for a person: what failed and why in `message`, what to do in `next`; code looks at `reason` alone. */
export class HumanError extends Error {
  constructor(
    readonly reason: Reason,
    message: string,
    readonly next: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'HumanError';
  }
}

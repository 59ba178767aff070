import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Conversation, Pair } from './pair.js';

/**
 * What of a conversation detection depends on; anything else that it may carry is left out. Keys stand in canonical
 * order, so that JSON.stringify gives canonicalJson's text in a fraction of its time: pairs files can be large.
 */
function compared({ messages, target }: Conversation) {
  return {
    messages: messages.map(({ role, content, thinking }) => ({
      content,
      role,
      ...(thinking !== undefined && { thinking }),
    })),
    target: { end: target.end, message: target.message, start: target.start },
  };
}

function hexSha256(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** SHA-256 (hex) over what detection compares of a pair: messages and targets of both sides, not the line number. */
export function pairFingerprint(pair: Pick<Pair, 'a' | 'b'>): string {
  return hexSha256(JSON.stringify({ a: compared(pair.a), b: compared(pair.b) }));
}

/** SHA-256 (hex) over the pairs' fingerprints in order: other pairs, another order or another target give another. */
export function pairsFingerprint(pairs: readonly Pick<Pair, 'a' | 'b'>[]): string {
  return hexSha256(JSON.stringify(pairs.map(pairFingerprint)));
}

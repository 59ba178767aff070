import { isObject } from '../../core/pairs/finding.js';
import type { Contract, ToHost } from '../../protocol/webview.js';

/** For each request of a contract: the params out of untyped data, or undefined where they do not fit. */
export type ParamsReaders<C extends Contract> = {
  [N in keyof C['requests']]: (params: unknown) => C['requests'][N]['params'] | undefined;
};

/** Params of a request that needs none. */
export function nothing(params: unknown): null | undefined {
  return params === null || params === undefined ? null : undefined;
}

/** What a webview sent, checked; a string says why it is none of the contract's messages. */
export function readMessage<C extends Contract>(readers: ParamsReaders<C>, value: unknown): ToHost<C> | string {
  if (!isObject(value)) return 'it is no object';
  if (value.kind === 'ready') return { kind: 'ready' };
  const { id, name } = value;
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return 'it has no id';
  if (value.kind === 'abort') return { kind: 'abort', id };
  if (value.kind !== 'request') return 'its kind is not known';
  if (typeof name !== 'string' || !Object.hasOwn(readers, name)) return 'there is no such request';
  const params = readers[name]!(value.params);
  if (params === undefined) return `the params of "${name}" do not fit`;
  return { kind: 'request', id, name, params } as ToHost<C>;
}

import type { Side } from '../../src/core/pairs/pair.js';

export type Column =
  'layer' | 'expert' | 'a' | 'rateA' | 'b' | 'rateB' | 'riskDifference' | 'low' | 'high' | 'q' | 'state';
export type Quantity = 'difference' | `rate-${Side}`;

/** What a reload or a hidden editor must not lose; all else comes from the host. */
export interface ViewState {
  tab: 'charts' | 'tokens' | 'table';
  quantity: Quantity;
  sort: { column: Column; descending: boolean };
  /** Whether the plan's filter and mode are shown where there is little room. */
  moreOpen: boolean;
  /** Rows of the ranking. */
  top: number;
  /** 0-based pair of the token view. */
  pair: number;
  scroll: number;
  tableScroll: number;
}

export const FIRST_VIEW: ViewState = {
  tab: 'charts',
  quantity: 'difference',
  sort: { column: 'riskDifference', descending: true },
  moreOpen: false,
  top: 20,
  pair: 0,
  scroll: 0,
  tableScroll: 0,
};

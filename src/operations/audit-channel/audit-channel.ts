import type { Row } from '../../audit/index.ts';
import type { Digest } from '../../slack/digest.ts';
import { anchorOf, isChange } from './anchors.ts';
import * as view from './view.ts';

/** Tells a channel of each row that a security officer wants to see as it happens. Never throws. */
export const createAuditChannel =
  (digest: Digest) =>
  (row: Row, hash: string): void => {
    const line = view.line(row, isChange(row) ? anchorOf({ seq: row.seq, hash }) : undefined);
    if (line) digest.add(line);
  };

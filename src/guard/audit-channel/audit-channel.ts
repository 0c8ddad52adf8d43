import type { Row } from '../../audit/index.ts';
import type { KnownNames } from '../../desk/identity/known-names.ts';
import type { Digest } from '../../slack/digest.ts';
import type { Changes } from '../change/changes.ts';
import { anchorOf, isChange } from './anchors.ts';
import * as view from './view.ts';

/** Posts each row that a security officer wants to see right away. Never throws. */
export const createAuditChannel =
  (digest: Digest, names: Pick<KnownNames, 'of'>, changes: Changes) =>
  (row: Row, hash: string): void => {
    const anchor = isChange(row) ? anchorOf({ seq: row.seq, hash }) : undefined;
    const line = view.line(row, { anchor, nameOf: names.of, changes });
    if (line) digest.add(line);
  };

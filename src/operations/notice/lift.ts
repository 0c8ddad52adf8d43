import type { Row } from '../../audit/index.ts';
import { StoreError } from '../../store/index.ts';
import type { CallAudit, Services } from '../operation.ts';

type Blocked = { target: string; incident?: Row['incident'] };

/**
 * Allows a user registration codes again. On record first: a block is not lifted unseen.
 * @throws AuditError, or StoreError when other instances could not be told; then the block stands
 */
export async function liftBlock(
  { blocks }: Pick<Services, 'blocks'>,
  audit: CallAudit,
  blocked: Blocked,
): Promise<void> {
  await audit.write('block lifted', blocked);
  const { told } = await blocks.lift(blocked.target);
  if (told) return;
  // The trail's last word is what stands.
  await audit.note('reported', { ...blocked, failure: 'it could not be lifted everywhere' });
  throw new StoreError('the other instances could not be told that a block is lifted');
}

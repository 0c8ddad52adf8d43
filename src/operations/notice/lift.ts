import type { Row } from '../../audit/index.ts';
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
  try {
    await blocks.lift(blocked.target);
  } catch (error) {
    // The trail's last word is what the next start goes by.
    await audit.note('reported', { ...blocked, failure: 'it could not be lifted everywhere' });
    throw error;
  }
}

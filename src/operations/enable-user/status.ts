import type { Call, DeskServices } from '../../desk/operation.ts';
import { status } from '../../desk/user.ts';
import type { Refused } from '../../guard/change/asked.ts';
import type {
  CallOptions,
  SecurID,
  StatusRefusal,
  UserDetails,
  UserKey,
  UserStatus,
} from '../../securid/index.ts';
import { type Block, facts, paragraph } from '../../slack/blocks.ts';

type Asked = { securid: SecurID; key: UserKey; user: UserDetails };

/** The status in the record, read again; `undefined` if the record is another user's by now. */
async function statusNow(
  { securid, key, user }: Asked,
  options: CallOptions,
): Promise<string | undefined> {
  const found = await securid.users.find(key, options);
  return found?.id === user.id ? found.userStatus : undefined;
}

/** What disabling and enabling have in common: one request, and what it takes to confirm it. */
export const setting = (wanted: UserStatus) => ({
  api: 'PUT v1/users/{userId}/userStatus' as const,
  scope: 'rsa.user.manage' as const,
  perform: ({ securid, user }: Asked, options: CallOptions) =>
    securid.users.setStatus(user.id, wanted, options),
  readBack: statusNow,
  async lookAgain(asked: Asked, options: CallOptions) {
    const answer = await statusNow(asked, options);
    return { isMade: answer === wanted, answer };
  },
  async explain(services: Pick<DeskServices, 'securid'>, refused: Refused, call: Call) {
    return refused.reason === 'ALREADY_SO' ? asItIsNow(services, refused, call) : [];
  },
});

/** The status as SecurID has it now: somebody else may have changed it in the meantime. */
async function asItIsNow(
  { securid }: Pick<DeskServices, 'securid'>,
  { key, userId }: Refused,
  call: Call,
): Promise<Block[]> {
  try {
    const now = await securid.users.find(key, { ...call.securid, fresh: true });
    return now?.id === userId ? facts([['Status now', status(now)]]) : [];
  } catch (error) {
    call.log.warn({ err: error, target: userId }, 'the status could not be read again');
    return [];
  }
}

/** What SecurID answered, or what the record says. */
export function statusBlocks(wanted: UserStatus, answer: string | undefined): Block[] {
  if (answer === undefined) return [NOT_CONFIRMED];
  const shown = facts([['Status', status({ userStatus: answer })]]);
  return answer === wanted ? shown : [...shown, STILL_AS_BEFORE];
}

const NOT_CONFIRMED = paragraph(
  ':grey_question: SecurID accepted it, but did not confirm it. `/securid user` shows the status.',
);
const STILL_AS_BEFORE = paragraph(
  ':warning: SecurID accepted it, but still shows another status. Look the user up again in a minute.',
);

/**
 * @param none `SecurID did not disable the user`
 * @param elsewhere what to do in the directory
 */
export const refusalsOf = (none: string, elsewhere: string): Record<StatusRefusal, string> => ({
  USER_NOT_FOUND: `${none}: it no longer has that user.`,
  MANAGED_ELSEWHERE: `${none}: it does not let this app change the status of this user. That is so for users of a SCIM identity source. ${elsewhere}`,
  ALREADY_SO: `${none}: the user already has that status or is pending deletion.`,
});

import { refusalByNow } from '../../desk/call.ts';
import { TOO_OLD } from '../../desk/failures.ts';
import type { Call, PressHandler } from '../../desk/operation.ts';
import type { Message } from '../../slack/blocks.ts';
import { StoreError } from '../../store/index.ts';
import type { StoppedWords } from '../change/changes.ts';
import type { GuardServices } from '../services.ts';
import { NOT_LIFTED } from '../switches/switches.ts';
import * as alertView from './alert-view.ts';
import { type Blocked, createMayLift, type Stays } from './may-lift.ts';
import { Report, type Reports } from './reports.ts';
import { textsOf } from './texts.ts';
import * as view from './view.ts';

type Lifted = { reports: Report[] } | { stays: Stays } | { refusal: Message };

/**
 * Lifts a block, so that the user can get changes that give access again. Not for those who made,
 * approved or reported a reported change. Recorded first, so that no block is lifted without a row.
 * @throws AuditError, or StoreError if the other instances could not be told; the block stays then
 */
export type Lift = (call: Call, blocked: Blocked) => Promise<Lifted>;

/** Nobody is waiting for it. */
const PATIENT = { patience: 10 * 60_000, repeatable: true };

type Wiring = Pick<
  GuardServices,
  'blocks' | 'roles' | 'slack' | 'identities' | 'securid' | 'clock' | 'changes' | 'log'
>;

/** The only way to lift a block, for the alert's button and the command. */
export function createLift(wiring: Wiring, reports: Reports): Lift {
  const { blocks, log } = wiring;
  const whyNot = createMayLift(wiring);

  async function liftOne(
    call: Call,
    { target, seq, open }: { target: string; seq: number | undefined; open: Report[] },
  ): Promise<Stays | undefined> {
    const blocked = { target, incident: open.at(-1)?.incident ?? call.incident };
    await call.audit.write('block lifted', blocked);
    const { stays } = await blocks.lift(target, seq);
    if (!stays) return undefined;
    // The trail's last row must match what holds.
    const { change } = open.at(-1) ?? {};
    const audit = change ? call.audit.of(change) : call.audit;
    await audit.note('reported', { ...blocked, failure: NOT_LIFTED[stays] });
    if (stays === 'recovering') return stays;
    if (stays === 'given anew') return 'newer report';
    throw new StoreError('the other instances could not be told that a block is lifted');
  }

  return async (call, blocked) => {
    const { target, pressed } = blocked;
    const isBlocked = await blocks.isBlocked(target);
    if (!isBlocked && pressed !== undefined) return { stays: 'not blocked' };
    // Later reports keep the block, however long the answers take.
    const seq = blocks.lastWord(target)?.seq;
    const open = isBlocked ? await reports.open(target) : [];
    // Whoever may not lift a block learns no more than that from the command.
    const stays = (await whyNot(call, blocked, open)) ?? (isBlocked ? undefined : 'not blocked');
    if (stays === 'involved' || stays === 'own account' || stays === 'not told apart') {
      call.progress.outcome = 'refused';
      const reason = 'somebody else lifts the block';
      await call.audit.note('refusal', { target, incident: open.at(-1)?.incident, reason });
    }
    if (stays) return { stays };
    const refusal = await refusalByNow(wiring, call, 'approver');
    if (refusal) return { refusal };
    const still = await liftOne(call, { target, seq, open });
    if (still) return { stays: still };
    await reports.close(open, call.userId);
    void tellAll(wiring, open, { by: call.userId, blocked }).catch((error) => {
      log.error({ err: error, target }, 'the user was not told that their block is lifted');
    });
    return { reports: open };
  };
}

/** Tells everybody who was told of a report that it is closed. Never throws. */
async function tellAll(
  {
    identities,
    changes,
    log,
    slack: { channels },
  }: Pick<GuardServices, 'identities' | 'slack' | 'changes' | 'log'>,
  open: Report[],
  { by, blocked }: { by: string; blocked: Blocked },
): Promise<void> {
  const { pressed, user } = blocked;
  const people = new Map(
    open.map(({ person, change }) => [person, changes.textOf(change).words.one]),
  );
  // If nobody knows any more who reported, it can only have been the user.
  if (open.length === 0 && user) {
    const { accounts } = await identities.subject(user);
    if (accounts.own) people.set(accounts.own.id, changes.stopped.one);
  }
  const telling = [
    ...open.flatMap((one) =>
      one.alert && one.id !== pressed
        ? [
            channels.update(
              one.alert,
              alertView.lifted(textsOf(changes, one), one, by),
              PATIENT.patience,
            ),
          ]
        : [],
    ),
    ...[...people].map(([person, one]) =>
      channels.post(person, view.closed(one, changes.stopped), PATIENT),
    ),
  ];
  for (const outcome of await Promise.allSettled(telling)) {
    if (outcome.status === 'fulfilled') continue;
    log.error({ err: outcome.reason }, 'not everybody was told that a block is lifted');
  }
}

const STAYS: Record<Exclude<Stays, 'newer report'>, Message> = {
  'not blocked': alertView.NO_BLOCK,
  involved: alertView.NOT_YOURS_TO_LIFT,
  'own account': alertView.OWN_ACCOUNT,
  'role not told': alertView.ROLE_NOT_TOLD,
  'not told apart': alertView.NOT_TOLD_APART,
  'not known': alertView.NOT_KNOWN,
  recovering: alertView.STILL_SEARCHING,
};

/** The answer to somebody who may not lift a block. */
export const staysWords = (stays: Stays, stopped: StoppedWords): Message =>
  stays === 'newer report' ? alertView.newerReport(stopped) : STAYS[stays];

/** *Lift the block*, on the alert. */
export const pressLift =
  ({ changes, slack: { seal } }: GuardServices, reports: Reports, lift: Lift): PressHandler =>
  async (press) => {
    const { value, reply, userId } = press;
    const { data: report } = Report.safeParse(await seal.open(alertView.LIFT, value));
    if (!report) return reply(TOO_OLD);
    const show = (message: Message) => reply(message, { replace: true, visibility: 'in_channel' });

    const texts = textsOf(changes, report);
    const { target, email, id } = report;
    const lifted = await lift(press, { target, email, pressed: id });
    if ('refusal' in lifted) return reply(lifted.refusal);
    if (!('stays' in lifted)) return show(alertView.lifted(texts, report, userId));
    if (lifted.stays !== 'not blocked' && lifted.stays !== 'newer report') {
      return reply(staysWords(lifted.stays, changes.stopped));
    }
    // The alert may not show yet that the block was lifted.
    const kept = await reports.find(report.id).catch(() => undefined);
    if (kept?.liftedBy) return show(alertView.lifted(texts, report, kept.liftedBy));
    return reply(staysWords(lifted.stays, changes.stopped));
  };

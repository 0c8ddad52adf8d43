import type { Row } from '../../audit/index.ts';
import { isPlatformError } from '../../slack/errors.ts';
import { teamOnRecord } from '../../slack/place.ts';
import type { GuardServices } from '../services.ts';
import * as agentView from './agent-view.ts';
import type { Left, LeftRequests } from './left.ts';
import { decidedKeyOf, keyOf, type Pending, requestOf, WAITING_USES } from './pending.ts';
import * as view from './view.ts';

/** How soon to retry closing, in milliseconds; doubles each time. */
const CLOSE_AGAIN = 10_000;
/** About an hour and a half in all. The next start tries again. */
const TRIES = 9;

/** Slack's errors that mean there is nothing to close. */
const GONE = ['message_not_found', 'channel_not_found', 'is_archived', 'cant_update_message'];

export type Closing = {
  /**
   * Closes requests that an earlier process left waiting, because their buttons no longer work, and
   * tells their agents. Keeps retrying in the background. Never throws.
   * @param rows of the audit trail that may be newer than the state
   */
  closeLeft(rows: Row[]): Promise<void>;
  stop(): void;
};

/**
 * @param isOurs whether a request is waiting in this process
 */
export function createClosing(
  services: GuardServices,
  left: LeftRequests,
  isOurs: (id: string) => boolean,
): Closing {
  const { store, clock, audit, log } = services;
  /** Requests that nobody else can decide any more. */
  const taken = new Set<string>();
  let stopClosing = () => {};

  /** Retries what could not be closed because the store or Slack was unavailable. */
  async function closeAll(all: Left[], tries = 1): Promise<void> {
    const closed = await Promise.all(all.map(close));
    const open = all.filter((_, index) => !closed[index]);
    if (open.length === 0 || tries >= TRIES) return;
    const wait = CLOSE_AGAIN * 2 ** (tries - 1);
    stopClosing = clock.after(wait, () => void closeAll(open, tries + 1));
  }

  /** Whether another instance has decided it or is about to. */
  async function isDecided({ id, pending }: Left): Promise<boolean> {
    if (!store.isShared || taken.has(id)) return false;
    const mine = (await store.take(keyOf(id))) !== undefined;
    if (mine) taken.add(id);
    if (mine) return false;
    // After `until` the store no longer holds the request, decided or not.
    return pending.until > clock.now() || (await store.get(decidedKeyOf(id))) !== undefined;
  }

  async function close(one: Left): Promise<boolean> {
    const { id, pending } = one;
    const { incident, request } = pending;
    const target = request.card.userId;
    try {
      if (await isDecided(one)) {
        left.forget(id);
        return true;
      }
      await removeButtons(services, one);
    } catch (error) {
      log.warn(
        { err: error, incident },
        'a request for approval that an earlier process left is not closed yet',
      );
      return false;
    }
    left.forget(id);
    await audit.note({ ...by(pending), event: 'lapsed', target, reason: 'withdrawn' });
    log.info({ incident }, 'a request for approval that an earlier process left was closed');
    await tellAgent(services, pending);
    return true;
  }

  async function closeLeft(rows: Row[]): Promise<void> {
    const { ended, approved } = endsIn(rows);
    const all = (await left.all()).filter(({ id }) => !isOurs(id));
    for (const { id, pending } of all) {
      if (ended.has(pending.incident)) left.forget(id);
      if (approved.has(pending.incident)) taken.add(id);
    }
    await closeAll(all.filter(({ pending }) => !ended.has(pending.incident)));
    // With several instances, another one may have decided it.
    if (store.isShared) return;
    await closeRows(
      audit,
      rows,
      new Set([...ended, ...all.map(({ pending }) => pending.incident)]),
    );
  }

  return { closeLeft, stop: () => stopClosing() };
}

async function removeButtons(
  { slack, changes }: GuardServices,
  { posted, pending }: Left,
): Promise<void> {
  try {
    await slack.channels.update(posted, view.ended(requestOf(changes, pending), 'withdrawn'));
  } catch (error) {
    if (!isPlatformError(error, ...GONE)) throw error;
  }
}

async function tellAgent(
  { slack, changes, log }: GuardServices,
  { agent, request, incident }: Pending,
): Promise<void> {
  const reply = slack.replyTo(agent.responseUrl, WAITING_USES);
  const text = changes.textOf(request.change);
  await reply(agentView.endedForAgent(text, request.card.name, 'withdrawn'), {
    replace: true,
  }).catch((error) => {
    log.info(
      { err: error, incident },
      'the agent was not told: Slack no longer accepts messages there',
    );
  });
}

/** A process killed before it saved the message leaves only a row. */
async function closeRows(
  audit: GuardServices['audit'],
  rows: Row[],
  known: Set<string>,
): Promise<void> {
  for (const row of rows) {
    if (row.event !== 'approval asked' || known.has(row.incident)) continue;
    const { actor, team, channel, operation, target, incident } = row;
    const who = { actor, team, channel, operation, target, incident };
    await audit.note({ ...who, event: 'lapsed', reason: 'withdrawn' });
  }
}

/**
 * Incidents that have ended, and those that were approved. An approval without an end was cut off,
 * so its agent is still waiting.
 */
function endsIn(rows: Row[]): Record<'ended' | 'approved', Set<string>> {
  const [ended, approved] = [new Set<string>(), new Set<string>()];
  for (const { event, incident } of rows) {
    const isOver = event === 'denied' || event === 'lapsed' || approved.has(incident);
    if (isOver) ended.add(incident);
    if (event === 'approved') approved.add(incident);
  }
  return { ended, approved };
}

const by = ({ request, agent, incident }: Pending) => ({
  actor: agent.userId,
  team: teamOnRecord(agent),
  channel: agent.channelId,
  operation: request.change,
  incident,
});

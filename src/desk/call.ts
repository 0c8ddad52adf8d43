import type { Audit, Entry } from '../audit/index.ts';
import { type Message, sentence } from '../slack/blocks.ts';
import { type Place, placeIn, teamOnRecord } from '../slack/place.ts';
import { ReplyError } from '../slack/reply.ts';
import { seeFor } from '../troubleshooting.ts';
import type { CallAudit } from './call-audit.ts';
import { explanation, mayHelp, newIncident } from './failures.ts';
import { tryAgain, withButtons } from './follow-up.ts';
import type { Call, DeskServices, Task } from './operation.ts';
import { recordOutcome } from './outcome.ts';
import { type Arrival, newProgress } from './progress.ts';
import { hasRole, type WhoMay } from './roles.ts';
import { createSilence } from './silence.ts';
import { placeOfRemedy } from './workspaces.ts';

export type SlackRequest = Place & {
  /** For the log: the operation's name or the button's `action_id`. */
  what: string;
  userId: string;
  channelId: string;
  responseUrl: string;
  arrival?: Arrival | undefined;
};

/** Leaves 5 s for posting, so that every command is answered within 20 s. */
const ANSWER_WITHIN = 15_000;

type BeginOptions = {
  /** Accepts no answer from Slack older than ten seconds. With a `role`, asks only about its groups. */
  fresh?: boolean;
  role?: WhoMay;
  /** The incident number of an earlier request that this one continues. */
  incident?: string;
  patience?: number;
  /** How often its response URL was already used. */
  used?: number;
  /** Something else shows progress, so no "taking longer" message. */
  quiet?: boolean | undefined;
};

const IN_THE_CHANNEL = sentence('The answer is in the channel.');

/** Begins a call: finds out who is asking, and gives the request an incident number. */
export async function begin(
  services: DeskServices,
  request: SlackRequest,
  options: BeginOptions = {},
): Promise<Call> {
  const { fresh = false, role, incident: known, patience = ANSWER_WITHIN, used = 0 } = options;
  const { roles, clock, audit } = services;
  const { replyTo } = services.slack;
  const { what, userId, channelId, responseUrl, arrival } = request;
  const startedAt = clock.elapsed();
  const place = { ...placeIn(request), teamId: await services.whereabouts.teamOf(request) };
  const incident = known ?? newIncident();
  const who = {
    actor: userId,
    team: teamOnRecord(place),
    channel: channelId,
    operation: what,
    incident,
  };
  const progress = { ...newProgress(what, 'answered', arrival), ...(known && { continued: true }) };
  const log = services.log.child({ incident, operation: what, actor: userId, channel: channelId });
  const { quiet = responseUrl === '' } = options;
  const silence = createSilence({ clock, log, quiet, post: replyTo(responseUrl, used) });
  return {
    ...place,
    userId,
    channelId,
    responseUrl,
    incident,
    startedAt,
    progress,
    securid: {
      until: startedAt + patience,
      lane: userId,
      took(ms) {
        progress.securidMs += ms;
      },
    },
    log,
    audit: rowsOf(audit, who),
    reply: silence.reply,
    silence,
    access: await roles.of({ ...place, userId }, { fresh, ...(fresh && { role }) }),
  };
}

const rowsOf = (audit: Audit, who: Omit<Entry, 'event'>): CallAudit => ({
  write: (event, details) => audit.write({ event, ...who, ...details }),
  note: (event, details) => audit.note({ event, ...who, ...details }),
  of: (operation) => rowsOf(audit, { ...who, operation }),
});

/** A polite refusal for people without the role; the log says why. `any` means that one role is enough. */
export function refusalFor(
  { roles }: Pick<DeskServices, 'roles'>,
  { access, log, audit, progress }: Call,
  role: WhoMay | 'any',
): Message | undefined {
  const may = role === 'any' ? access.roles.size > 0 : hasRole(access, role);
  if (may) return undefined;
  const reason =
    access.refusal ?? `not ${role === 'manager' ? 'a' : 'an'} ${[role].flat().join(' or ')}`;
  progress.outcome = 'refused';
  log.warn(
    { refusal: reason, ...(access.notHere && { see: placeOfRemedy(access.notHere) }) },
    'refused',
  );
  void audit.note('refusal', { reason });
  return roles.refusal(role === 'any' ? undefined : role, access);
}

/**
 * The same before something is loosened: asks Slack again about this role's groups. No answer means no role.
 */
export async function refusalAfresh(
  services: Pick<DeskServices, 'roles'>,
  call: Call,
  role: WhoMay,
): Promise<Message | undefined> {
  const access = await services.roles.of(call, { fresh: true, role });
  return refusalFor(services, { ...call, access }, role);
}

/** How old a role may be when something is loosened, in milliseconds. */
const FRESH = 10_000;

/** Asks again right before something is loosened if the look-ups took long. */
export const refusalByNow = async (
  services: Pick<DeskServices, 'roles' | 'clock'>,
  call: Call,
  role: WhoMay,
): Promise<Message | undefined> =>
  services.clock.elapsed() - call.startedAt > FRESH
    ? refusalAfresh(services, call, role)
    : undefined;

/** Runs a task and posts its answer. Never throws. */
export const answer = (services: DeskServices, call: Call, task: Task, { replace = false } = {}) =>
  guarded(services, call, async () => {
    if (replace) call.silence.standsIn();
    const { inChannel = false, onFallback, ...message } = await task(call);
    const visibility = inChannel ? 'in_channel' : 'ephemeral';
    try {
      // A message to the channel cannot replace an ephemeral one.
      await call.reply(message, { visibility, replace: replace && !inChannel, onFallback });
      if (replace && inChannel) await call.reply(IN_THE_CHANNEL, { replace });
    } catch (error) {
      if (!inChannel || !(error instanceof ReplyError) || !error.refusal) throw error;
      call.log.warn(
        { err: error, see: seeFor(error, 'a-channel-does-not-accept-messages') },
        'the channel did not accept the message: invite the bot to it',
      );
      await call.reply(message, { onFallback });
    }
  });

/**
 * Runs a task that posts its own answer; a failure is logged once and explained to the asker. Never throws.
 */
export async function guarded(
  services: DeskServices,
  call: Call,
  run: () => Promise<void>,
): Promise<void> {
  const { progress, silence } = call;
  try {
    await run();
    recordOutcome(services, call, { level: 'info', words: 'answered' });
  } catch (error) {
    progress.outcome = error instanceof ReplyError ? 'not delivered' : 'failed';
    recordOutcome(services, call, { level: 'error', words: 'failed', err: error });
    // Slack accepts no message here, so another would not arrive either.
    if (!(error instanceof ReplyError)) await tellFailure(services, call, error);
  } finally {
    silence.end();
  }
}

/** If nothing can have happened, offers to try again. */
async function tellFailure(services: DeskServices, call: Call, error: unknown): Promise<void> {
  const { progress, log, incident, reply } = call;
  try {
    const again = mayHelp(error) ? await tryAgain(services.slack.seal, progress.again) : [];
    await reply(withButtons(explanation(error, incident), again));
  } catch (reason) {
    log.error({ err: reason }, 'the asker could not be told of the failure');
  }
}

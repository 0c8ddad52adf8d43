import { z } from 'zod';
import { NO_LABEL } from '../monitoring/index.ts';
import { Happened, placeOf } from '../slack/place.ts';
import { answer, begin, guarded, refusalFor } from './call.ts';
import { FORM_TOO_OLD, TOO_OLD } from './failures.ts';
import { FOLLOW_UP, openFollowUp, taskOf, unnumbered } from './follow-up.ts';
import { MENU, openMenu } from './leads.ts';
import { notice } from './modal.ts';
import type {
  BarePress,
  Call,
  DeskServices,
  Listeners,
  Operation,
  Press,
  PressListener,
  SubmissionHandler,
  Task,
} from './operation.ts';
import { recordMisunderstood, recordOutcome } from './outcome.ts';
import type { Arrival } from './progress.ts';

const Chosen = z.looseObject({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_user: z.string().nullish(),
});

const State = z
  .object({ values: z.record(z.string(), z.record(z.string(), Chosen)) })
  .nullish()
  .transform((state) => {
    const filled: Record<string, string | undefined> = {};
    for (const [blockId, elements] of Object.entries(state?.values ?? {})) {
      const [element] = Object.values(elements);
      filled[blockId] =
        element?.value ?? element?.selected_option?.value ?? element?.selected_user ?? undefined;
    }
    return filled;
  });

const View = z.object({
  app_installed_team_id: z.string().nullish(),
  private_metadata: z.string(),
  state: State,
});

/** The parts of Slack's button press that are used. */
const BlockActions = Happened.extend({
  channel: z.object({ id: z.string() }).nullish(),
  response_url: z.string().nullish(),
  trigger_id: z.string().nullish(),
  state: State,
  view: View.extend({ id: z.string() }).nullish(),
  actions: z.tuple([
    Chosen.extend({
      action_id: z.string().transform(unnumbered),
      block_id: z.string().nullish(),
    }).transform(({ value, selected_option, ...rest }) => ({
      ...rest,
      /** A button's value, or that of the option that was chosen. */
      value: value ?? selected_option?.value ?? '',
    })),
  ]),
});

type Action = z.output<typeof BlockActions>['actions'][0];

const ViewSubmission = Happened.extend({ view: View.extend({ callback_id: z.string() }) });

type Submitted = {
  errors?: Record<string, string>;
  go: (arrival?: Arrival) => Promise<void>;
};

/** Handles every button of the app; checks the presser's role again. */
export function createPress(
  services: DeskServices,
  operations: Operation[],
  presses: NonNullable<Listeners['presses']>,
) {
  const listeners = new Map<string, PressListener>(Object.entries(presses));
  const followUp = createFollowed(services, operations);
  /** Something chosen from a menu is named like the button that leads to the same. */
  const nameOf = ({ action_id, value }: Action) =>
    action_id === MENU && operations.some(({ name }) => name === value)
      ? `${FOLLOW_UP}${value}`
      : action_id;

  return async (body: unknown, arrival?: Arrival): Promise<void> => {
    const { data } = BlockActions.safeParse(body);
    const [action] = data?.actions ?? [];
    if (!data || !action) {
      const words = 'an interaction that is no press of a button';
      recordMisunderstood(services, { operation: NO_LABEL, arrival }, { level: 'warn', words });
      return;
    }

    const listener = listeners.get(action.action_id);
    const { value } = action;
    const request = {
      what: nameOf(action),
      userId: data.user.id,
      ...placeOf(data),
      channelId: data.channel?.id ?? '',
      responseUrl: data.response_url ?? '',
      arrival,
    };
    const { fresh = false, role } = listener ?? {};
    const quiet = listener?.modal !== undefined || undefined;
    const asked = begin(services, request, { fresh, role, quiet });
    const opened = await openModal(listener, { ...request, value }, data.trigger_id ?? '');
    const call = await asked;

    if (!listener) return followUp(call, action);
    const press: Press = {
      ...call,
      value,
      modalId: opened.modalId,
      filled: data.view?.state ?? data.state,
      view: data.view
        ? { id: data.view.id, privateMetadata: data.view.private_metadata }
        : undefined,
    };
    await guarded(services, call, async () => {
      if ('error' in opened) throw opened.error;
      const refusal = refusalFor(services, call, listener.role);
      if (!refusal) await listener.handle(press);
      else if (opened.modalId) await services.slack.views.update(opened.modalId, notice(refusal));
      else await call.reply(refusal);
    });
  };

  /** Never throws: without a modal, the press goes on. */
  async function openModal(
    listener: PressListener | undefined,
    press: BarePress,
    triggerId: string,
  ): Promise<{ modalId: string | undefined; error?: unknown }> {
    try {
      const modal = await listener?.modal?.(press);
      return { modalId: modal && (await services.slack.views.open(triggerId, modal)) };
    } catch (error) {
      return { modalId: undefined, error };
    }
  }
}

/** Handles what leads to another operation, and buttons that this version does not know. */
function createFollowed(services: DeskServices, operations: Operation[]) {
  /** Presses that are about to replace their message. */
  const underWay = new Set<string>();

  async function open({ action_id, block_id, value }: Action) {
    const { seal } = services.slack;
    if (action_id === MENU) return openMenu(seal, { blockId: block_id ?? '', value });
    return action_id.startsWith(FOLLOW_UP) ? openFollowUp(seal, value) : undefined;
  }

  return async (call: Call, action: Action): Promise<void> => {
    const { value } = action;
    const next = await open(action);
    const operation = operations.find(({ name }) => name === next?.operation);
    const task: Task = async () => {
      const pressed = next && operation && taskOf(operation, next);
      if (!operation || !pressed) {
        call.progress.outcome = 'not understood';
        return TOO_OLD;
      }
      return refusalFor(services, call, operation.role) ?? pressed(call);
    };
    const replace = (next && 'replace' in next && next.replace) ?? false;
    const press = `${call.userId} ${value}`;
    if (replace && underWay.has(press)) {
      // The first press answers on the same message; a second could post to the channel twice.
      call.silence.end();
      recordOutcome(services, call, { level: 'info', words: 'pressed twice at once' });
      return;
    }
    underWay.add(press);
    await answer(services, call, task, { replace });
    underWay.delete(press);
  };
}

/**
 * Handles every modal of the app. Returns errors at its fields, and `go`, to be called after the
 * acknowledgement.
 */
export function createSubmit(
  services: DeskServices,
  submissions: NonNullable<Listeners['submissions']>,
) {
  const listeners = new Map<string, SubmissionHandler>(Object.entries(submissions));

  return async (body: unknown): Promise<Submitted> => {
    const { data } = ViewSubmission.safeParse(body);
    const handle = data && listeners.get(data.view.callback_id);
    if (!data || !handle) {
      const words = 'a submission of a modal that is not known';
      const go = async (arrival?: Arrival) =>
        recordMisunderstood(services, { operation: NO_LABEL, arrival }, { level: 'warn', words });
      // Usually a modal of another version. Slack can only show errors at fields.
      const [field] = Object.keys(data?.view.state ?? {});
      return { go, ...(field && { errors: { [field]: FORM_TOO_OLD } }) };
    }
    const actor = data.user.id;
    const operation = data.view.callback_id;
    const result = await handle({
      userId: data.user.id,
      ...placeOf(data),
      filled: data.view.state,
      privateMetadata: data.view.private_metadata,
    });
    if ('go' in result) return result;
    const go = async (arrival?: Arrival) => {
      const line = { level: 'info', words: 'not accepted' } as const;
      recordMisunderstood(services, { operation, actor, arrival }, line);
    };
    return { ...result, go };
  };
}

import { z } from 'zod';
import { answer, begin, refusalFor, type SlackRequest } from '../../desk/call.ts';
import { notice } from '../../desk/modal.ts';
import type { Call, Listeners, Operation, Submission } from '../../desk/operation.ts';
import { recordOutcome } from '../../desk/outcome.ts';
import type { Arrival } from '../../desk/progress.ts';
import { type Access, hasRole } from '../../desk/roles.ts';
import type { TaskForm } from '../../desk/task-form.ts';
import type { Services } from '../services.ts';
import * as view from './view.ts';

/** The form's answer goes to the command's `response_url`, which expires after 30 minutes. */
const FORM_LIFETIME = 29 * 60_000;

const Form = z.object({ responseUrl: z.string(), channelId: z.string(), userId: z.string() });

type Task = Operation & { form: TaskForm };

const isTask = (operation: Operation): operation is Task => operation.form !== undefined;

/** `/securid` alone: a form, for those who prefer not to type. */
export function createHome(services: Services, operations: Operation[]) {
  const { roles } = services;
  const { seal, views } = services.slack;
  const tasks = operations.filter(isTask);

  function formFor(access: Access, sealed: string, task?: string) {
    return view.form(
      tasks.filter(({ role }) => role && hasRole(access, role)),
      sealed,
      task,
    );
  }

  /** A trigger lives three seconds, so the modal opens before Slack is asked about roles. */
  async function open(request: SlackRequest, triggerId: string): Promise<void> {
    const asked = begin(services, request, { quiet: true });
    const { userId, channelId, responseUrl } = request;
    const form = { responseUrl, channelId, userId };
    const sealed = await seal.close(view.HOME, form, FORM_LIFETIME);
    try {
      const viewId = await views.open(triggerId, view.loading());
      const call = await asked;
      const refusal = refusalFor(services, call, 'any');
      const next = refusal ? notice(refusal) : formFor(call.access, sealed);
      await views.update(viewId, next);
      recordOutcome(services, call, { level: 'info', words: 'form opened' });
    } catch (error) {
      const call = await asked;
      call.progress.outcome = 'failed';
      recordOutcome(services, call, { level: 'error', words: 'form not opened', err: error });
      await call.reply(view.notOpened(call.incident)).catch((reason) => {
        call.log.error({ err: reason }, 'the asker could not be told of the failure');
      });
    }
  }

  const listeners: Listeners = {
    presses: {
      [view.TASK]: {
        role: undefined,
        async handle({ view: modal, filled, ...call }) {
          if (!modal) return;
          const access = await accessIn(services, modal.privateMetadata, call);
          const next =
            access.roles.size > 0
              ? formFor(access, modal.privateMetadata, filled[view.TASK])
              : notice(roles.refusal(undefined, access));
          await views.update(modal.id, next);
        },
      },
    },
    submissions: { [view.HOME]: submit },
  };

  async function submit({ filled, privateMetadata, ...by }: Submission) {
    const { data: form } = Form.safeParse(await seal.open(view.HOME, privateMetadata));
    if (!form || form.userId !== by.userId) return { errors: { [view.TASK]: view.TOO_OLD } };

    const read = readTask(tasks, filled);
    if ('errors' in read) return read;
    const { chosen, task } = read;
    return {
      async go(arrival?: Arrival) {
        const call = await begin(services, { what: chosen.name, ...by, ...form, arrival });
        await answer(
          services,
          call,
          async () => refusalFor(services, call, chosen.role) ?? task(call),
        );
      },
    };
  }

  return { open, listeners };
}

/** Slack names no channel with what is chosen in a form: it is that of the command. */
async function accessIn(
  { roles, whereabouts, slack: { seal } }: Services,
  sealed: string,
  call: Call,
): Promise<Access> {
  const { data: form } = Form.safeParse(await seal.open(view.HOME, sealed));
  if (form?.userId !== call.userId) return call.access;
  const teamId = await whereabouts.teamOf({ ...call, channelId: form.channelId });
  return teamId === call.teamId ? call.access : roles.of({ ...call, teamId });
}

/** The task that a form describes, or its errors. */
function readTask(tasks: Task[], filled: Submission['filled']) {
  const chosen = tasks.find(({ name }) => name === filled[view.TASK]);
  if (!chosen) return { errors: { [view.TASK]: view.NO_TASK } };
  // Another task has just been chosen, or the form is from an earlier version.
  if (chosen.form.fields.some(({ block_id = '' }) => !(block_id in filled))) {
    return { errors: { [view.TASK]: view.OTHER_FIELDS } };
  }
  const read = chosen.form.read(filled);
  if ('errors' in read) return read;
  const task = chosen.typed(read.words);
  if (typeof task !== 'function') {
    return { errors: { [read.field]: view.wrong(task, chosen.form) } };
  }
  return { chosen, task };
}

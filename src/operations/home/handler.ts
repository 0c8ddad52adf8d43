import { z } from 'zod';
import { answer, begin, refusalFor, type SlackRequest } from '../../desk/call.ts';
import { notice } from '../../desk/modal.ts';
import type { Listeners, Operation, Submission } from '../../desk/operation.ts';
import { recordOutcome } from '../../desk/outcome.ts';
import type { Arrival } from '../../desk/progress.ts';
import { type Access, hasRole } from '../../desk/roles.ts';
import { splitWords } from '../../desk/words.ts';
import type { Services } from '../services.ts';
import * as view from './view.ts';

/** Somebody may leave the form open; its answer goes to the command's response_url, which ends after 30 minutes. */
const FORM_LIFETIME = 29 * 60_000;

const Form = z.object({ responseUrl: z.string(), channelId: z.string(), userId: z.string() });

/** `/securid` alone: a form for whoever does not like to type. */
export function createHome(services: Services, operations: Operation[]) {
  const { seal, views, roles } = services;

  function formFor(access: Access, sealed: string, task?: string) {
    const tasks = operations.filter(({ role }) => role && hasRole(access, role));
    return view.form(tasks, sealed, task);
  }

  /** The trigger lives three seconds, so the modal opens before anybody is asked who this is. */
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
        async handle({ view: modal, filled, access }) {
          if (!modal) return;
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

    const operation = operations.find(({ name }) => name === filled[view.TASK]);
    if (!operation) return { errors: { [view.TASK]: 'Choose a task.' } };
    const words = readWords(operation.name, filled);
    if ('errors' in words) return words;
    const task = operation.typed(words.words);
    if (typeof task !== 'function')
      return { errors: { [words.field]: view.wrong(task, words.field) } };

    return {
      async go(arrival?: Arrival) {
        const call = await begin(services, { what: operation.name, ...by, ...form, arrival });
        await answer(
          services,
          call,
          async () => refusalFor(services, call, operation.role) ?? task(call),
        );
      },
    };
  }

  return { open, listeners };
}

type Filled = Submission['filled'];
type Words = { words: string[]; field: string } | { errors: Record<string, string> };

/** What the fields amount to, in the words one would have typed, and the field at which to say what is wrong with them. */
function readWords(operation: string, filled: Filled): Words {
  if (operation === 'license') {
    return { words: filled[view.WHERE] === 'private' ? ['private'] : [], field: view.WHERE };
  }
  const typed = splitWords(filled[operation === 'token' ? view.SERIAL : view.TYPED] ?? '');
  if (operation === 'token') return { words: typed ?? [], field: view.SERIAL };

  const picked = filled[view.PERSON];
  const isTyped = typed === undefined || typed.length > 0;
  if (picked && isTyped) return { errors: { [view.TYPED]: 'Pick a person or type, not both.' } };
  if (picked) return { words: [`<@${picked}>`], field: view.PERSON };
  if (!isTyped) return { errors: { [view.PERSON]: 'Pick a person, or type below.' } };
  return { words: typed ?? [], field: view.TYPED };
}

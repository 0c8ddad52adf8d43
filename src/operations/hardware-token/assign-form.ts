import type { types } from '@slack/bolt';
import { z } from 'zod';
import { answer, begin, refusalFor } from '../../desk/call.ts';
import { FORM_TOO_OLD, TOO_OLD } from '../../desk/failures.ts';
import type { Listeners, Operation, Submission } from '../../desk/operation.ts';
import type { Arrival } from '../../desk/progress.ts';
import { personForm } from '../../desk/task-form.ts';
import { taskFor } from '../../desk/typed.ts';
import type { HardwareToken } from '../../securid/index.ts';
import { button } from '../../slack/blocks.ts';
import { sealForButton } from '../../slack/seal.ts';
import type { Services } from '../services.ts';
import * as view from './view.ts';

/** The `action_id` of *Assign* on a token's card, and the `callback_id` of its form. */
const ASSIGN = 'token:assign';

/** A card may be on a screen for a working day. */
const BUTTON_LIFETIME = 12 * 60 * 60_000;
/** The answer goes to the button's `response_url`, which expires after 30 minutes. */
const FORM_LIFETIME = 29 * 60_000;

const OnButton = z.object({ serial: z.string() });
const InForm = OnButton.extend({
  responseUrl: z.string(),
  channelId: z.string(),
  userId: z.string(),
});

const whom = personForm('Assign a hardware token', 'Next');

/** Asks in a form whom the token is for. */
export async function assignButton(
  { slack: { seal } }: Pick<Services, 'slack'>,
  { tokenSerialNumber: serial = '' }: HardwareToken,
): Promise<types.Button | undefined> {
  const value = await sealForButton(seal, ASSIGN, [{ serial }], BUTTON_LIFETIME);
  return value === undefined
    ? undefined
    : button('Assign token', { action: ASSIGN, value, style: 'primary' });
}

/** The button and its form, which leads to the same as the typed command. */
export function assignForm(services: Services, token: Operation): Required<Listeners> {
  const { seal } = services.slack;

  async function submit({ filled, privateMetadata, ...by }: Submission) {
    const { data: form } = InForm.safeParse(await seal.open(ASSIGN, privateMetadata));
    const [field = ''] = Object.keys(filled);
    if (!form || form.userId !== by.userId) return { errors: { [field]: FORM_TOO_OLD } };
    const read = whom.read(filled);
    if ('errors' in read) return read;
    const { serial, ...place } = form;
    const words = [serial, 'assign', ...read.words];
    if (typeof token.typed(words) !== 'function') return { errors: { [read.field]: whom.missing } };
    return {
      async go(arrival?: Arrival) {
        const call = await begin(services, { what: token.name, ...by, ...place, arrival });
        const task = taskFor(token, words);
        await answer(services, call, async () => {
          return refusalFor(services, call, token.role) ?? task(call);
        });
      },
    };
  }

  return {
    presses: {
      [ASSIGN]: {
        role: ['agent'],
        async modal({ value, userId, responseUrl, channelId }) {
          const { data } = OnButton.safeParse(await seal.open(ASSIGN, value));
          if (!data) return undefined;
          const form = { ...data, userId, responseUrl, channelId };
          return view.assignForm(data.serial, whom.fields, {
            callbackId: ASSIGN,
            sealed: await seal.close(ASSIGN, form, FORM_LIFETIME),
          });
        },
        async handle({ modalId, reply }) {
          if (!modalId) await reply(TOO_OLD);
        },
      },
    },
    submissions: { [ASSIGN]: submit },
  };
}

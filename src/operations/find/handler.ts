import { z } from 'zod';
import { TOO_OLD } from '../../desk/failures.ts';
import {
  defineOperation,
  type Operation,
  type PressListener,
  type Task,
} from '../../desk/operation.ts';
import { partsOfName, readPart, wordsFor } from '../../desk/part.ts';
import { MOST_FOUND } from '../../securid/index.ts';
import type { Services } from '../services.ts';
import { form } from './form.ts';
import * as view from './view.ts';

const ROLE = ['agent', 'approver'] as const;

/**
 * `/securid find <part of an address>`: up to 25 users, each of whom opens with one press.
 * @param card the operation that shows one user
 */
export const find = (services: Services, card: Operation) =>
  defineOperation({
    name: 'find',
    aliases: ['search'],
    role: ROLE,
    args: '<part of an address>',
    example: '/securid find jane',
    summary: 'users whose e-mail address contains this, to choose from',
    form,
    input: z.object({ part: z.string() }),
    parts: partsOfName,

    read(words) {
      if (words.length === 0) return undefined;
      const part = readPart(words);
      return 'problem' in part ? { problem: view.problems[part.problem] } : part;
    },

    async run({ part }, call) {
      const { lookUps, securid } = services;
      const next = await lookUps.full('searches', call);
      if (next) {
        call.progress.outcome = 'refused';
        void call.audit.note('refusal', { reason: 'searches per agent and hour' });
        return view.tooMany(next);
      }
      void call.audit.note('look-up', { target: part });
      const found = await securid.users.search(part, call.securid);
      const [one, ...others] = found.users;
      if (!one) return view.nobody(part);
      const [word, ...otherWords] = wordsFor(found.users);
      const open = word !== undefined && others.length === 0 && taskFor(card, word);
      if (open) return view.theOnly(await open(call), part);
      return view.found(found, { part, most: MOST_FOUND, words: [word, ...otherWords] });
    },
  });

/** Somebody was chosen from the list: the same as typing what stands for them. */
export const choosing = (card: Operation): PressListener => ({
  role: ROLE,
  async handle(press) {
    const open = taskFor(card, press.value);
    if (!open) return press.reply(TOO_OLD);
    const { onFallback, inChannel: _, ...message } = await open(press);
    await press.reply(message, { onFallback });
  },
});

function taskFor(card: Operation, word: string): Task | undefined {
  const task = card.typed([word]);
  return typeof task === 'function' ? task : undefined;
}

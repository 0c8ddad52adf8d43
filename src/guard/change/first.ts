import type { Call } from '../../desk/operation.ts';
import type { Asker } from '../../desk/roles.ts';
import type { UserDetails } from '../../securid/index.ts';
import type { Block, Message } from '../../slack/blocks.ts';
import { type ChangeRequest, onRecord } from '../form/card.ts';
import { nothingToDo, type Refusal } from '../gate/refusal.ts';
import type { Tell } from '../notice/tell.ts';
import type { GuardServices } from '../services.ts';
import { type AskSecurID, countedAs } from './ask-securid.ts';
import type { Performed } from './change.ts';
import { readBack } from './read-back.ts';
import { notSwitchedOn } from './switched-off.ts';
import * as view from './view.ts';

/** The changes that a request asks for, in their order. */
export type Steps = { first: ChangeRequest | undefined; last: ChangeRequest };

/** The first step, in the answer to the last one: what was done, and whether the user was told. */
export type StepDone = { blocks: Block[]; notice: Block[]; isTold: boolean };

export type First = { done: Promise<StepDone> } | { instead: Message };

/** How much of its time a request keeps for its last step, in milliseconds. */
const LAST_WITHIN = 4000;

/** The failure in the row of a last step that was not begun. */
const FIRST_NOT_DONE = 'first step not done';

/** A request may ask for something that has to be done before. */
export function stepsOf(request: ChangeRequest): Steps {
  const { change, input } = request;
  const found = change.first?.(input);
  if (!found) return { first: undefined, last: request };
  const { change: before, input: its, rest } = found;
  return {
    // The next start can tell from its rows what was to follow.
    first: { ...request, change: before, input: { ...its, before: change.name } },
    last: { ...request, input: rest },
  };
}

/** Counts both steps before the first is taken, or refuses both and counts none. */
export async function takeSteps(
  { limits, changes }: GuardServices,
  { first, last }: Steps,
  call: Call,
): Promise<Refusal | undefined> {
  if (!first) return limits.take(countedAs(last, call));
  if (!changes.on.includes(first.change)) return nothingToDo(notSwitchedOn(first.change));
  const full = await limits.take(countedAs(first, call));
  if (full) return full;
  const isFull = await limits.take(countedAs(last, call)).catch(async (error) => {
    await limits.giveBack(countedAs(first, call));
    throw error;
  });
  if (isFull) await limits.giveBack(countedAs(first, call));
  return isFull;
}

/** Nothing was asked of SecurID. */
export async function giveBackSteps(
  { limits }: Pick<GuardServices, 'limits'>,
  { first, last }: Steps,
  call: Call,
): Promise<void> {
  await Promise.all([first, last].map((step) => step && limits.giveBack(countedAs(step, call))));
}

type Wiring = { askSecurID: AskSecurID; tell: Tell };

/** Takes the first of two steps. If it is not done, the last is not begun. */
export function createFirst(services: GuardServices, { askSecurID, tell }: Wiring) {
  /** Tells the user of it while the last step is under way. */
  async function toldOf(
    performed: Performed,
    { change, card, input, approver }: ChangeRequest,
    user: UserDetails,
    call: Call,
  ): Promise<StepDone> {
    const [told] = await Promise.all([
      tell(change, user, { call, approver, input }),
      readBack(performed, call),
    ]);
    return {
      blocks: view.step(change, card.name, performed.blocks(card.name)),
      notice: view.toldOf(change, card.name, told),
      isTold: told === 'told',
    };
  }

  return async (
    first: ChangeRequest,
    { whole, last }: { whole: ChangeRequest; last: ChangeRequest },
    user: UserDetails,
    call: Call,
    approver: Asker | undefined,
  ): Promise<First> => {
    const securid = { ...call.securid, until: call.securid.until - LAST_WITHIN };
    const outcome = await askSecurID(first, user, { ...call, securid }, approver, whole);
    if ('performed' in outcome) return { done: toldOf(outcome.performed, first, user, call) };

    await services.limits.giveBack(countedAs(last, call));
    const details = { ...onRecord(last), failure: FIRST_NOT_DONE };
    await call.audit.of(last.change.name).note('not done', details);
    return { instead: view.notBegun(outcome.instead, last.change) };
  };
}

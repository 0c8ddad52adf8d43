import { randomUUID } from 'node:crypto';
import type { Found } from '../../desk/find-user.ts';
import { followUp, tryAgain } from '../../desk/follow-up.ts';
import type { Call } from '../../desk/operation.ts';
import type { Message } from '../../slack/blocks.ts';
import type { Card } from '../form/card.ts';
import type { KeptVerification, NotKept } from '../form/kept-verification.ts';
import { sealCard } from '../form/seal-card.ts';
import * as view from '../form/view.ts';
import { isRefusal } from '../gate/gate.ts';
import {
  NOT_ENABLED,
  nothingToDo,
  type Refusal,
  TOO_LONG,
  UNTOLD,
  untold,
} from '../gate/refusal.ts';
import type { GuardServices } from '../services.ts';
import type { Input } from './asked.ts';
import type { Change } from './change.ts';
import type { Options } from './fields.ts';
import { optionsOf } from './fields.ts';
import { createOffers } from './offers.ts';

type Asked = { input: Input; typed: Card['typed'] };

/** Shows the user on a card and asks for confirmation. Nothing is changed yet. */
export function createShowCard(services: GuardServices) {
  const offers = createOffers(services);

  /** What has to be done about a refusal before it is worth asking again. */
  async function insteadOf({ rule }: Refusal, { user, key }: Found, call: Call) {
    const { seal } = services.slack;
    if (rule === UNTOLD) return tryAgain(seal, call.progress.again);
    if (rule !== NOT_ENABLED) return [];
    const { changes } = await offers(call, { user, authenticators: undefined });
    const first = changes.filter(({ wanted }) => wanted === 'now');
    return Promise.all(
      first.map(({ change: { name, button } }) =>
        followUp(seal, button, { operation: name, input: { who: key } }),
      ),
    );
  }

  return async (
    change: Change,
    found: Found,
    { input, typed }: Asked,
    call: Call,
  ): Promise<Message> => {
    const { seal } = services.slack;
    const { user, key } = found;
    const { userId: agent, access, securid } = call;
    const { until, lane } = securid;
    const [verdict, own, earlier] = await Promise.all([
      services.gate.forCard(change, { agentId: agent, access, user, until, lane }),
      change.card(services, { user, key, input }, call),
      services.keptVerifications.find({ agentId: agent, userId: user.id }, change),
    ]);
    const needsApproval = verdict !== 'may' && !isRefusal(verdict);
    const known = stillOffered(change, input, own.options);
    const about = { key, userId: user.id, name: view.nameOf(user), agent, input: known };
    const sealed = await sealCard(seal, change, {
      ...about,
      id: randomUUID(),
      options: own.options,
      typed,
      needsApproval,
      verified: shownOf(earlier),
    });
    const unable = change.unable(user, known) ?? own.unable;
    const refusal = isRefusal(verdict)
      ? verdict
      : (nothingTo(unable) ?? (sealed ? unoffered(change, known, sealed.options) : TOO_LONG));
    if (refusal) {
      call.progress.outcome = 'refused';
      void call.audit.note('refusal', { target: user.id, reason: refusal.rule });
    }
    return view.card(change, {
      user,
      own,
      left: leftOf(change, own.options, sealed?.options),
      refusal,
      needsApproval,
      sealed: sealed?.value,
      instead: refusal ? await insteadOf(refusal, found, call) : [],
    });
  };
}

const nothingTo = (unable: string | undefined) =>
  unable === undefined ? undefined : nothingToDo(unable);

/** Without choices that the card does not offer, or no longer. */
function stillOffered({ fields }: Change, input: Input, offered: Options = {}): Input {
  const isOffered = ([id, value]: [string, string]) => {
    const field = fields.find((one) => one.id === id && !one.options);
    return !field || Object.hasOwn(optionsOf(field, offered) ?? {}, value);
  };
  return Object.fromEntries(Object.entries(input).filter(isOffered));
}

/** The change needs a choice, and nobody knows what there is to choose. */
function unoffered(change: Change, input: Input, options: Options): Refusal | undefined {
  const completed = change.complete(input);
  const missing = 'errors' in completed ? completed.errors : {};
  const isOpen = change.fields.some(
    (field) => optionsOf(field, options) === undefined && field.id in missing,
  );
  return isOpen ? untold(change.words) : undefined;
}

/** Of which fields the form does not list all. */
const leftOf = ({ fields }: Change, all: Options = {}, listed: Options = {}) =>
  fields.flatMap(({ id, label }) => {
    const [most, shown] = [all, listed].map((one) => Object.keys(one[id] ?? {}).length);
    return most && most > (shown ?? 0) ? [{ label, most, shown: shown ?? 0 }] : [];
  });

/** What the form says of it. */
function shownOf(earlier: KeptVerification | NotKept): Card['verified'] {
  if ('ended' in earlier) return undefined;
  const { method, ticket, at, until } = earlier;
  return { method, ticket, at, until };
}

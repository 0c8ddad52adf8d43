import { TOO_OLD } from '../../desk/failures.ts';
import type { PressHandler, PressListener } from '../../desk/operation.ts';
import { sentence } from '../../slack/blocks.ts';
import type { Change, OnAlert } from '../change/change.ts';
import { changeCommand } from '../change/command.ts';
import { WHO_MAY } from '../change/risk.ts';
import { OTHER_USER } from '../gate/refusal.ts';
import type { GuardServices } from '../services.ts';
import * as view from './alert-view.ts';
import { isOneOf, memberOf } from './had-part.ts';
import { Report, type Reports } from './reports.ts';
import { textsOf } from './texts.ts';

/** In the audit trail. */
const HAD_PART = 'somebody else acts';

type Acting = Change & { onAlert: OnAlert };

/** The changes that are offered on an alert. */
export const actingOn = ({ changes }: Pick<GuardServices, 'changes'>): Acting[] =>
  changes.on.filter((change): change is Acting => change.onAlert !== undefined);

/** The buttons on an alert that lead to changes, whose cards then appear to the person who pressed. */
export const actPresses = (
  services: GuardServices,
  reports: Reports,
): Record<string, PressListener> =>
  Object.fromEntries(
    actingOn(services).map((change) => [
      view.actOf(change.name),
      { role: WHO_MAY[change.risk], fresh: true, handle: act(services, reports, change) },
    ]),
  );

/** Shows the change's card. From there on it takes the way of any change. */
const act = (services: GuardServices, reports: Reports, change: Acting): PressHandler => {
  const { securid, slack, changes } = services;
  const command = changeCommand(services, change);

  return async (press) => {
    const { value, reply, userId, progress } = press;
    const audit = press.audit.of(change.name);
    const { data: report } = Report.safeParse(await slack.seal.open(view.LIFT, value));
    if (!report) return reply(TOO_OLD);
    const { email = '', target, id, person, agent } = report;
    const task = command.pressed({ who: { email }, input: change.onAlert.input?.(report) });
    if (!task) return reply(TOO_OLD);

    const kept = await reports.find(id).catch(() => undefined);
    if (kept?.liftedBy) {
      const message = view.lifted(textsOf(changes, report), report, kept.liftedBy);
      return reply(message, { replace: true, visibility: 'in_channel' });
    }
    // An attacker must not lock out somebody whom they failed to impersonate.
    const member = await memberOf(services, userId);
    if (await isOneOf(services, { member, ids: [person, agent] }, press)) {
      progress.outcome = 'refused';
      await audit.note('refusal', { target, reason: HAD_PART });
      return reply(view.NOT_YOURS_TO_ACT_ON);
    }
    const user = email ? await securid.users.find({ email }, press.securid) : undefined;
    if (user?.id !== target) return reply(sentence(OTHER_USER.sentence));
    const { inChannel: _, onFallback, ...card } = await task({ ...press, audit });
    await reply(card, { onFallback });
  };
};

import type { Found } from '../../desk/find-user.ts';
import { rowOf } from '../../desk/follow-up.ts';
import { type Lead, leads } from '../../desk/leads.ts';
import type { Call } from '../../desk/operation.ts';
import { hasRole } from '../../desk/roles.ts';
import type { HardwareToken } from '../../securid/index.ts';
import type { Block } from '../../slack/blocks.ts';
import type { Services } from '../services.ts';
import { suitsToken } from '../token-changes/suits.ts';
import { assignButton } from './assign-form.ts';
import { synchronizeOwner } from './synchronize-owner.ts';
import * as view from './view.ts';

type About = {
  token: HardwareToken;
  /** If this app knows their record. */
  owner: Found | undefined;
  /** The number on the back of a DS100. */
  device: string | undefined;
};

/** What makes sense for the token now. Nothing leads into a refusal that is already known. */
export async function leadsFor(services: Services, about: About, call: Call): Promise<Block[]> {
  const { token, owner } = about;
  const { userId } = token;
  if (userId === undefined) return assigning(services, token, call);
  if (owner) return leads(services.slack.seal, await forOwner(services, { ...about, owner }, call));
  const input = { who: { userId }, browsers: false };
  const synchronize = await synchronizeOwner(services, token, call);
  const others = await leads(services.slack.seal, [
    { label: "Owner's authenticators", operation: 'authenticators', input },
  ]);
  const isChangeable = services.guard.changes.on.some(({ switchedBy }) => switchedBy === 'token');
  return [
    view.howToFindOut(token.tokenSerialNumber ?? '', {
      isChangeable,
      canSynchronize: synchronize.length > 0,
    }),
    ...synchronize,
    ...others,
  ];
}

async function forOwner(
  { guard, clock }: Services,
  { token, owner, device }: About & { owner: Found },
  call: Call,
): Promise<Lead[]> {
  const { user, key } = owner;
  const wanted = suitsToken(token, { now: clock.now(), device });
  const { changes } = await guard.offers(call, { user, authenticators: undefined }, wanted);
  const serial = token.tokenSerialNumber ?? '';
  const input = { who: key, input: { serial, ...(device && { device }) } };
  return [
    ...changes.map(({ change: { name, button } }) => ({ label: button, operation: name, input })),
    { label: 'Owner', operation: 'user', input: { who: key } },
    {
      label: "Owner's authenticators",
      operation: 'authenticators',
      input: { who: key, browsers: false },
    },
  ];
}

/** *Assign*, unless it is known that it cannot be done. */
async function assigning(
  services: Services,
  token: HardwareToken,
  { access, log }: Call,
): Promise<Block[]> {
  const { guard, clock } = services;
  const assign = guard.commands.find(({ name }) => name === 'token-assign');
  const suits = suitsToken(token, { now: clock.now(), device: undefined });
  if (!assign || !hasRole(access, assign.role) || !suits(assign)) return [];
  const isStopped = await guard.lockdown.isOn().catch((error: unknown) => {
    log.warn({ err: error }, 'unknown whether there is a lockdown');
    return false;
  });
  return isStopped ? [] : rowOf(await assignButton(services, token));
}

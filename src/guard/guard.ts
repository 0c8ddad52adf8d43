import type { Past, Row } from '../audit/index.ts';
import type { Call, DeskServices } from '../desk/operation.ts';
import type { Message } from '../slack/blocks.ts';
import { createMemoryUses, type Store } from '../store/index.ts';
import { createState, type State } from '../store/state.ts';
import { type Anchors, createAnchors } from './audit-channel/anchors.ts';
import { createAuditChannel } from './audit-channel/audit-channel.ts';
import type { Changes } from './change/changes.ts';
import { createWayOfChange, type WayOfChange } from './change/index.ts';
import { createOffers, type MakeOffers } from './change/offers.ts';
import { createKeptVerifications } from './form/kept-verification.ts';
import { patient } from './form/pattern.ts';
import { createVerificationRules } from './form/verification.ts';
import type { ApprovalPolicy, UnmatchedPolicy } from './gate/facts.ts';
import { createGate } from './gate/gate.ts';
import type { Protected } from './gate/protection.ts';
import type { LimitSettings } from './limits/limit.ts';
import { createLimits } from './limits/limits.ts';
import { CHANGE_EVENTS, createRecentChanges } from './limits/recent-changes.ts';
import { createUsedCards } from './limits/used-cards.ts';
import type { GuardServices } from './services.ts';
import { announce } from './switches/announce.ts';
import { createBlocks } from './switches/blocked-users.ts';
import { createHandover, type Matter, mergeState, toHeed } from './switches/handover.ts';
import { createLockdown } from './switches/lockdown.ts';
import { tellLost } from './switches/lost.ts';
import { createStops } from './switches/stops.ts';
import { createSwitches, type Switches } from './switches/switches.ts';

export type GuardSettings = {
  limits: LimitSettings;
  verification: { methods: string[]; minutes: number; ticketPattern: RegExp | undefined };
  protection: Protected;
  unmatched: UnmatchedPolicy;
  approval: { policy: ApprovalPolicy; channel: string | undefined };
  roles: { approver: string[] };
  securityChannel: string | undefined;
  auditChannel: string | undefined;
  stateFile: string;
};

type Wiring = {
  changes: Changes;
  store: Store;
  /** What else to remember the last row of, across restarts. */
  matter: Matter;
  /** Keeps track of background work. */
  count: (work: Promise<unknown>) => Promise<void>;
};

/** Everything that guards changes, and what one process hands to the next. */
export type Guard = Pick<GuardServices, 'changes' | 'lockdown'> &
  Pick<WayOfChange, 'commands' | 'switchedOff' | 'listeners' | 'lift' | 'closeLeft'> & {
    switches: Switches;
    /** What a user's card offers. */
    offers: MakeOffers;
    /**
     * Posts to the channels that a lockdown began or ended.
     * `isRecorded`: an audit row says so as well.
     */
    announce(call: Call, message: Message, isRecorded: boolean): void;
    /** Call with each audit row once it is written. */
    heard(row: Row, hash: string): void;
    /** Call if another process has written to the trail meanwhile. */
    heardOfOthers(past: Past): Promise<void>;
    /** Continues where the last process ended. */
    open(): Promise<{ rows: Row[]; last: unknown }>;
    /**
     * Withdraws requests for approval, erases every secret on a
     * screen, and posts where the trail ends.
     */
    finish(): Promise<void>;
    /** Stops sharing switches. */
    stop(): Promise<void>;
    /** Saves what the next process needs, once the trail is closed. */
    close(): Promise<void>;
  };

/** Wires the guard. Starts nothing. */
export function createGuard(settings: GuardSettings, desk: DeskServices, wiring: Wiring): Guard {
  const { audit, log } = desk;
  const { changes, matter, count } = wiring;
  const state = createState({ file: settings.stateFile, log, merge: mergeState });
  const handover = createHandover({ state, audit, matter, log });
  const record = createRecord(settings, desk, changes);
  const stopping = createStopping(settings, desk, { ...wiring, state, mark: handover.mark });
  const { switches, lockdown } = stopping;
  const counts = createCounts(settings, desk, { ...wiring, state });
  const { recentChanges } = counts;
  const { store } = wiring;
  const parts = { ...stopping, ...counts, changes, store, state };
  const services = servicesFor(settings, desk, { ...parts, securityDigest: record.securityDigest });
  const { commands, switchedOff, listeners, lift, closeLeft, ...way } = createWayOfChange(services);
  desk.roles.whenLacking('agent', (agentId) => {
    void count(services.keptVerifications.forget(agentId));
  });

  return {
    ...{ changes, lockdown, switches, commands, switchedOff, listeners, lift, closeLeft },
    offers: createOffers(services),
    announce: (...told) => announce(services, ...told),
    heard(row, hash) {
      handover.heard(row);
      recentChanges.heard(row);
      record.heard(row, hash);
    },
    async heardOfOthers(past) {
      const rows = toHeed(past);
      void count(switches.heed(rows));
      recentChanges.heardOfOthers(rows);
      await state.refresh();
      await closeLeft(rows);
    },
    async open() {
      const { earlier, last } = await handover.open();
      await switches.restore(earlier);
      record.anchors.start();
      const searchChanges = () => audit.search(CHANGE_EVENTS).then(toHeed);
      void count(recentChanges.recall(earlier.rows, searchChanges));
      return { rows: earlier.rows, last };
    },
    async finish() {
      await way.stop();
      await record.anchors.stop();
    },
    stop: switches.stop,
    async close() {
      handover.mark();
      await state.close();
    },
  };
}

type Parts = Pick<
  GuardServices,
  | 'changes'
  | 'limits'
  | 'usedCards'
  | 'lockdown'
  | 'blocks'
  | 'stops'
  | 'store'
  | 'state'
  | 'securityDigest'
> & { switches: Switches };

function servicesFor(settings: GuardSettings, desk: DeskServices, parts: Parts): GuardServices {
  const { identities, roles, clock, log } = desk;
  const { people, seal } = desk.slack;
  const { lockdown, blocks, limits, stops, switches, store } = parts;
  const { channel, policy } = settings.approval;
  const verification = verificationRules(settings);
  const keptVerifications = createKeptVerifications(settings.verification.minutes, {
    ...{ store, seal, stops, switches, clock, log },
  });
  return {
    ...desk,
    ...parts,
    areOthersThere: switches.areOthersThere,
    verification,
    keptVerifications,
    gate: createGate({
      ...settings,
      approval: policy,
      ...{ people, identities, roles, verification, lockdown, blocks, limits, log },
    }),
    approval: { policy, channel, approvers: settings.roles.approver },
    securityChannel: settings.securityChannel,
    auditChannel: settings.auditChannel,
  };
}

/** What is posted about the audit trail as it grows. */
function createRecord(settings: GuardSettings, desk: DeskServices, changes: Changes) {
  const { slack, audit, names, clock, log } = desk;
  const auditDigest = slack.digestFor('AUDIT_CHANNEL', settings.auditChannel);
  const securityDigest = slack.digestFor('SECURID_SECURITY_CHANNEL', settings.securityChannel);
  const tellAuditChannel = createAuditChannel(auditDigest, names, changes);
  const add = settings.auditChannel === undefined ? undefined : auditDigest.add;
  const anchors: Anchors = createAnchors({ audit, add, clock, log });
  return {
    securityDigest,
    anchors,
    heard(row: Row, hash: string) {
      tellAuditChannel(row, hash);
      anchors.heard(row);
    },
  };
}

/** What stops changes, for everybody or for one user. */
function createStopping(
  settings: GuardSettings,
  { slack, audit, clock, log }: DeskServices,
  wiring: Omit<Wiring, 'matter' | 'count'> & { state: State; mark: () => void },
) {
  const { store, state, changes, mark } = wiring;
  const { channels } = slack;
  const { stopped } = changes;
  const to = [settings.securityChannel, settings.auditChannel, settings.approval.channel];
  const switches = createSwitches({
    ...{ store, state, clock, log },
    beforeWrite: mark,
    onLost: () => void slack.lasting(tellLost({ audit, channels, to, stopped, log })),
  });
  const stops = createStops({ switches, clock, log, isShared: store.isShared });
  return {
    ...{ switches, stops },
    lockdown: createLockdown(switches, stops),
    blocks: createBlocks(switches, stops),
  };
}

/** Recent use: of the limits, and of cards, which work once. */
function createCounts(
  settings: GuardSettings,
  { clock, log }: DeskServices,
  { store, state, changes }: { store: Store; state: State; changes: Changes },
) {
  /** What this instance knows, even without the store. */
  const own = createMemoryUses(clock);
  const shared = store.isShared ? store.uses : undefined;
  const limits = createLimits(settings.limits, {
    changes: [...changes.on, ...changes.off],
    ...{ own, shared, clock, log },
  });
  const usedCards = createUsedCards({ store, own });
  const recentChanges = createRecentChanges({ limits, usedCards, state, clock, log });
  return { limits, usedCards, recentChanges };
}

function verificationRules({ verification: { methods, ticketPattern } }: GuardSettings) {
  return createVerificationRules({
    methods,
    ticketPattern: ticketPattern && patient(ticketPattern),
  });
}

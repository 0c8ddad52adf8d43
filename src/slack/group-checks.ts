import type { Clock } from '../clock.ts';
import { type Symptom, symptomOf } from '../troubleshooting.ts';
import type { People } from './people.ts';
import { type Trouble, troubleOf } from './trouble.ts';

/** So many groups are asked for in a row: Slack takes 20 such questions a minute from all instances (tier 2). */
const AT_ONCE = 8;

/** How long it is taken for granted that Slack has a group. */
const GOOD_FOR = 5 * 60_000;

type Wrong = { says: string; symptom: Symptom };

type Wiring = {
  members: People['members'];
  /** The variables that name each user group. */
  groups: ReadonlyMap<string, string[]>;
  /** Whether only some workspaces are searched. */
  isLimited: boolean;
  clock: Clock;
};

/** Whether Slack has the user groups that are configured. */
export function createGroupChecks({ members, groups, isLimited, clock }: Wiring) {
  const seen = new Map<string, { at: number; trouble: Wrong | undefined }>();
  const ids = [...groups.keys()];
  const age = (id: string) => clock.elapsed() - (seen.get(id)?.at ?? Number.NEGATIVE_INFINITY);
  const isUntold = (id: string) => !seen.has(id) || seen.get(id)?.trouble !== undefined;
  const isDue = (id: string) => isUntold(id) || age(id) >= GOOD_FOR;

  /** @returns what is wrong, unless it is the group */
  async function lookAt(id: string): Promise<Trouble | undefined> {
    const variables = groups.get(id)?.join(', ') ?? '';
    try {
      await members(id, { fresh: true });
      seen.set(id, { at: clock.elapsed(), trouble: undefined });
    } catch (error) {
      const trouble = troubleOf(error);
      const says = trouble && ofGroup(trouble, { id, variables, isLimited });
      const symptom = symptomOf(error);
      if (!says || !symptom) return trouble;
      seen.set(id, { at: clock.elapsed(), trouble: { says, symptom } });
    }
    return undefined;
  }

  return {
    isAnyDue: () => ids.some(isDue),
    isAnyUntold: () => ids.some(isUntold),
    /** What is wrong with them, each in a sentence. */
    troubles: () => [...seen.values()].flatMap(({ trouble }) => trouble ?? []),
    /** Asks for those that are due, the longest unseen first; tells what else is wrong. */
    async look(heard: (trouble: Trouble | undefined) => void): Promise<void> {
      const due = ids.filter(isDue).sort((a, b) => age(b) - age(a));
      for (const id of due.slice(0, AT_ONCE)) heard(await lookAt(id));
    },
  };
}

type Sought = { id: string; variables: string; isLimited: boolean };

function ofGroup(trouble: Trouble, { id, variables, isLimited }: Sought): string | undefined {
  if (trouble.kind === 'no such group') {
    const where = isLimited ? ' in the workspaces of SECURID_WORKSPACES' : '';
    return `${variables}: Slack has no user group ${id}${where}, or it is disabled`;
  }
  if (trouble.kind === 'no groups in this plan') {
    return `${variables}: this Slack plan has no user groups; use the ids of people (U…) instead`;
  }
  return undefined;
}

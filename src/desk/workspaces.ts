import type { Person } from '../slack/people.ts';
import type { Place } from '../slack/place.ts';
import { type Symptom, see } from '../troubleshooting.ts';

/** Why somebody may not use the app where they are, whatever their roles. */
export type NotHere = 'a workspace that is not listed' | 'the workspace is not known';

/**
 * Goes by the workspace where something happened, not by the person's home workspace. If Slack does not name it,
 * the answer is still clear when all of the person's workspaces are listed, or none. A workspace that the person
 * has left since does not count.
 * @param listed the only workspaces whose people may use the app; empty for all
 */
export function whyNotHere(
  listed: readonly string[],
  { teamIds }: Pick<Person, 'teamIds'>,
  { teamId }: Place,
): NotHere | undefined {
  if (listed.length === 0) return undefined;
  const hasLeft = teamIds.length > 0 && teamId !== undefined && !teamIds.includes(teamId);
  const possible = teamId === undefined || hasLeft ? teamIds : [teamId];
  const counting = possible.filter((id) => listed.includes(id));
  if (possible.length > 0 && counting.length === possible.length) return undefined;
  return counting.length > 0 || possible.length === 0
    ? 'the workspace is not known'
    : 'a workspace that is not listed';
}

const SYMPTOM: Record<NotHere, Symptom> = {
  'a workspace that is not listed': 'the-app-is-not-in-that-workspace',
  'the workspace is not known': 'slack-does-not-say-in-which-workspace-somebody-is',
};

export const placeOfRemedy = (why: NotHere): string => see(SYMPTOM[why]);

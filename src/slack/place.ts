import { z } from 'zod';

/**
 * Where something happened. Where an app is installed in a whole organization, Slack names the
 * organization and not always the workspace.
 */
export type Place = {
  teamId: string | undefined;
  enterpriseId: string | undefined;
  /** The person's home workspace, if Slack names it. */
  homeId?: string | undefined;
};

const Id = z.object({ id: z.string() }).nullish();

/** The parts of an interaction that say where it happened. */
export const Happened = z.object({
  user: z.object({ id: z.string(), team_id: z.string().nullish() }),
  team: Id,
  enterprise: Id,
  view: z.object({ app_installed_team_id: z.string().nullish() }).nullish(),
});

/**
 * A modal may be opened in a channel that is shared with another workspace; the workspace that counts is
 * the one which has the app. The person's own workspace tells nothing where a better answer is there: on
 * Enterprise Grid they may be at home in another one.
 * @see https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
 */
export function placeOf({ user, team, enterprise, view }: z.output<typeof Happened>): Place {
  return {
    teamId: view?.app_installed_team_id ?? team?.id ?? user.team_id ?? undefined,
    enterpriseId: enterprise?.id,
    homeId: user.team_id ?? undefined,
  };
}

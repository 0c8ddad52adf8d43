import { z } from 'zod';

/**
 * Where something happened, as far as Slack says. Where an app is installed in a whole organization, Slack
 * names the organization, and the workspace only with commands.
 */
export type Place = {
  /** The workspace (`T…`). */
  teamId: string | undefined;
  enterpriseId: string | undefined;
  /** The person's home workspace or organization, if Slack names it. */
  homeId?: string | undefined;
};

/** The place alone, of whatever happened there. */
export const placeIn = ({ teamId, enterpriseId, homeId }: Place): Place => ({
  ...(homeId !== undefined && { homeId }),
  teamId,
  enterpriseId,
});

/** For a row of the audit trail: the workspace, or else the organization. */
export const teamOnRecord = ({
  teamId,
  enterpriseId,
  homeId,
}: Partial<Place>): string | undefined => teamId ?? enterpriseId ?? homeId;

/** The id of a workspace; `undefined` for that of an organization. */
const workspaceIn = (id: string | null | undefined) => (id?.startsWith('T') ? id : undefined);

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
 * the one which has the app. The person's own workspace does not tell where they are: on Enterprise Grid they
 * may be at home in another one.
 * @see https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
 * @see https://github.com/slackapi/bolt-js/issues/1875 on the person's own
 */
export function placeOf({ user, team, enterprise, view }: z.output<typeof Happened>): Place {
  return {
    teamId: workspaceIn(view?.app_installed_team_id) ?? workspaceIn(team?.id),
    enterpriseId: enterprise?.id,
    homeId: user.team_id ?? undefined,
  };
}

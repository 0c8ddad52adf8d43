import type { Clock } from '../../clock.ts';
import type { CallOptions, SecurID, UsageMonth } from '../../securid/index.ts';
import type { Message } from '../../slack/blocks.ts';
import type { Charts } from '../../slack/charts.ts';
import { isPartOfMonth, runsOutIn, shareUsed } from './judgement.ts';
import * as view from './view.ts';

export type LicensePolicy = {
  /** How many MFA licenses were bought, if known. */
  purchased: number | undefined;
  /** The share in use from which there is a warning: 0.9 is 90 %. */
  warnFrom: number;
};

export type Licenses = {
  /** The months that RSA knows of, oldest first; at least one. */
  months(options: CallOptions): Promise<UsageMonth[]>;
  /** The summary of those months, and what to do if Slack accepted only the fallback. */
  summary(
    months: UsageMonth[],
    askedBy?: string,
  ): { message: Message; onFallback: (() => void) | undefined };
  /** The share of the purchased licenses in use, if known. */
  share(months: UsageMonth[]): number | undefined;
  policy: LicensePolicy;
};

type Wiring = { securid: SecurID; charts: Charts; policy: LicensePolicy; clock: Clock };

/** License usage for managers, on demand and on schedule. */
export function createLicenses({ securid, charts, policy, clock }: Wiring): Licenses {
  return {
    policy,
    months: (options) => securid.licenseUsage.months(options),
    summary(months, askedBy) {
      const { purchased, warnFrom } = policy;
      const withCharts = charts.areShown();
      const runsOut = purchased === undefined ? undefined : runsOutIn(months, purchased);
      const latest = months.at(-1);
      const isPart = latest !== undefined && isPartOfMonth(latest, clock.now());
      const content = { purchased, warnFrom, runsOut, askedBy, withCharts, isPart };
      const message = view.summary(months, content);
      return { message, onFallback: withCharts ? charts.refused : undefined };
    },
    share: (months) => shareUsed(months.at(-1), policy.purchased),
  };
}

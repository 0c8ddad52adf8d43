import type { UsageMonth } from '../../securid/index.ts';
import {
  actions,
  type Block,
  button,
  context,
  figures,
  header,
  type Message,
  paragraph,
  sentence,
  table,
} from '../../slack/blocks.ts';
import { type Chart, chart } from '../../slack/chart.ts';
import { dateTime, mentionUser } from '../../slack/mrkdwn.ts';
import { axisName, monthName, name, number, percent, shortName, signed } from './format.ts';
import { type Month, shareUsed } from './judgement.ts';

/** `action_id` of *Download CSV*. */
export const DOWNLOAD = 'license:csv';

export type SummaryContent = {
  purchased: number | undefined;
  /** The share of the purchased licenses in use from which there is a warning. */
  warnFrom: number;
  /** When the licenses run out, if that can be estimated. */
  runsOut: Month | undefined;
  /** Slack user id; `undefined` if it was posted on schedule. */
  askedBy: string | undefined;
  withCharts: boolean;
  /**
   * The last month is not over. Its figures are shown, but not compared with those of whole months.
   */
  isPart: boolean;
};

/**
 * Whether the licenses are enough, and how usage develops: the
 * last month's figures and those before.
 */
export function summary(months: UsageMonth[], content: SummaryContent): Message {
  const latest = months.at(-1) as UsageMonth;
  const whole = content.isPart ? months.slice(0, -1) : months;
  const top = [
    header('RSA ID Plus license summary'),
    ...judgement(latest, content),
    figures(headlines(latest, whole, content)),
  ];
  const bottom = [context(origin(latest, content)), actions(download)];
  const belowCharts = [context(origin(latest, content, whole)), actions(download)];
  const plain = { blocks: [...top, ...bottom] };
  const withTable = {
    blocks: [...top, ...(months.length > 1 ? [asTable(months, content.isPart)] : []), ...bottom],
    fallback: plain,
  };
  const pictures = content.withCharts ? charts(whole, content.purchased) : [];
  return {
    text: asSentence(latest, whole, content),
    ...(pictures.length > 0
      ? { blocks: [...top, ...pictures, ...belowCharts], fallback: withTable }
      : withTable),
  };
}

const download = button('Download CSV', { action: DOWNLOAD });

/** Empty if there is nothing to worry about. */
function judgement(latest: UsageMonth, content: SummaryContent): Block[] {
  const { purchased, warnFrom, runsOut } = content;
  const share = shareUsed(latest, purchased);
  const warning =
    share !== undefined && share >= warnFrom
      ? [paragraph(`:warning: *${percent(share)} of the purchased MFA licenses are in use.*`)]
      : [];
  const forecast = runsOut
    ? [
        paragraph(
          `:chart_with_upwards_trend: If usage keeps growing like this, the licenses will run out in about *${monthName(runsOut)}*: an estimate, from a straight line through the months so far.`,
        ),
      ]
    : [];
  return [...warning, ...forecast];
}

type Figure = [value: string, words: string];

/** Each figure with an explanation below. */
function headlines(
  latest: UsageMonth,
  whole: UsageMonth[],
  { purchased, isPart }: SummaryContent,
): Figure[] {
  const { mfaLicensesUsed: used, usersWithThirdPartyFidoAuthenticators: fido } = latest;
  const codes = latest.smsAndVoiceTokencodesSent;
  return [
    ...(used === undefined ? [] : [licenses(used, purchased)]),
    ...(latest.activeUsers === undefined
      ? []
      : [
          [
            number(latest.activeUsers),
            `active users in ${time(latest, isPart)}${trend(whole, isPart)}`,
          ] as Figure,
        ]),
    ...(codes === undefined
      ? []
      : [[number(codes), `SMS and voice tokencodes sent in ${time(latest, isPart)}`] as Figure]),
    ...(fido === undefined
      ? []
      : [[number(fido), 'users with third-party FIDO authenticators'] as Figure]),
  ];
}

const time = (month: UsageMonth, isPart: boolean) => `${name(month)}${isPart ? ' so far' : ''}`;

/**
 * Compares the last whole month with the one before. Names it
 * if a later, incomplete month is shown.
 */
function trend(whole: UsageMonth[], isPart: boolean): string {
  const last = whole.at(-1);
  if (last?.activeUsers === undefined) return '';
  const comparison = against(last, whole.at(-2));
  return isPart ? `; ${number(last.activeUsers)} in ${name(last)}${comparison}` : comparison;
}

function licenses(used: number, purchased: number | undefined): Figure {
  if (purchased === undefined) return [number(used), 'MFA licenses used'];
  return [`${number(used)} of ${number(purchased)}`, `MFA licenses used: ${left(used, purchased)}`];
}

function left(used: number, purchased: number): string {
  const rest = purchased - used;
  const words = rest >= 0 ? `${number(rest)} left` : `${number(-rest)} more than purchased`;
  return `${percent(used / purchased)}, ${words}`;
}

/** RSA's previous month may be any earlier one: its own example pairs October with August. */
function against(latest: UsageMonth, before: UsageMonth | undefined): string {
  if (before?.activeUsers === undefined || latest.activeUsers === undefined) return '';
  const difference = latest.activeUsers - before.activeUsers;
  if (difference === 0) return `, as many as in ${name(before)}`;
  const direction = difference > 0 ? 'more' : 'fewer';
  const relative = before.activeUsers > 0 ? ` (${signed(difference / before.activeUsers)})` : '';
  return `, ${number(Math.abs(difference))} ${direction} than in ${name(before)}${relative}`;
}

function charts(months: UsageMonth[], purchased: number | undefined): Chart[] {
  const used = 'mfaLicensesUsed';
  const active = 'activeUsers';
  const codes = 'smsAndVoiceTokencodesSent';
  const names = {
    [used]: 'MFA licenses used',
    [active]: 'Active users',
    [codes]: 'Tokencodes sent',
  };

  /** Only months that have all of the figures, because a line needs a point for each month. */
  function picture(kind: 'line' | 'bar', title: string, figures: (keyof typeof names)[]): Chart[] {
    const whole = months.filter((month) => figures.every((figure) => month[figure] !== undefined));
    if (whole.length < 2) return [];
    const lines = figures.map((figure) => ({
      name: names[figure],
      values: whole.map((month) => month[figure] ?? 0),
    }));
    const bought = purchased !== undefined && figures.includes(used);
    const limit = bought ? [{ name: 'Purchased', values: whole.map(() => purchased) }] : [];
    const categories = whole.map(axisName);
    return [chart(kind, title, { categories, lines: [...lines, ...limit] })];
  }

  const both = picture('line', 'Licenses used and active users', [used, active]);
  return [
    ...(both.length > 0 ? both : picture('line', 'Active users', [active])),
    ...picture('bar', 'SMS and voice tokencodes sent', [codes]),
  ];
}

/** Newest first, because readers look for the latest. */
function asTable(months: UsageMonth[], isPart: boolean) {
  const figure = (value: number | undefined) => (value === undefined ? '-' : number(value));
  return table(
    [
      ['Month', 'MFA licenses', 'Active users', 'SMS and voice', 'FIDO users'],
      ...months
        .toReversed()
        .map((one, index) => [
          `${shortName(one)}${isPart && index === 0 ? ' so far' : ''}`,
          figure(one.mfaLicensesUsed),
          figure(one.activeUsers),
          figure(one.smsAndVoiceTokencodesSent),
          figure(one.usersWithThirdPartyFidoAuthenticators),
        ]),
    ],
    [],
  );
}

/** `shown` are the months in the charts. */
function origin(
  latest: UsageMonth,
  { askedBy }: SummaryContent,
  shown: UsageMonth[] = [latest],
): string {
  const { counted } = latest;
  const parts = [
    askedBy ? `Requested by ${mentionUser(askedBy)}` : 'Posted on schedule',
    counted && `counted by RSA ${dateTime(counted, 'moment')}`,
    !shown.includes(latest) && `the charts leave out ${name(latest)}, which is not over yet`,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** The whole summary in one sentence, for notifications and screen readers. */
function asSentence(
  latest: UsageMonth,
  whole: UsageMonth[],
  { purchased, isPart }: SummaryContent,
): string {
  const { mfaLicensesUsed: used } = latest;
  const active =
    latest.activeUsers === undefined
      ? []
      : [
          `${number(latest.activeUsers)} users were active in ${time(latest, isPart)}${trend(whole, isPart)}`,
        ];
  const licensed =
    used === undefined
      ? []
      : purchased === undefined
        ? [`${number(used)} MFA licenses are in use`]
        : [
            `${number(used)} of ${number(purchased)} MFA licenses are in use (${left(used, purchased)})`,
          ];
  return `RSA ID Plus license summary: ${[...licensed, ...active].join(', and ') || name(latest)}.`;
}

/** The message above the file. */
export const csvFollows = (): Message => sentence('The license summary, month by month, as CSV:');
export const csvFailed = (): Message =>
  sentence(':warning: Slack did not accept the file. Press *Download CSV* again.');
export const csvSent = (): Message =>
  sentence('The CSV file is in your direct messages with SecurID Desk.');

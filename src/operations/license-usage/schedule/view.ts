import { withIncident } from '../../../desk/failures.ts';
import { type Message, sentence } from '../../../slack/blocks.ts';
import { number, percent } from '../view.ts';

export type Shortage = { used: number; purchased: number; share: number; warnFrom: number };

export const short = ({ used, purchased, share, warnFrom }: Shortage): Message =>
  sentence(
    `:warning: MFA licenses run short: ${number(used)} of ${number(purchased)} are in use, ${percent(share)}; the warning comes at ${percent(warnFrom)}. \`/securid license\` shows more.`,
  );

export const notAsked = (incident: string): Message =>
  withIncident(
    'There is no license summary this time: SecurID could not be asked for six hours. Once it answers, `/securid license` shows it.',
    incident,
  );

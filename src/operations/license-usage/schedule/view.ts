import { withIncident } from '../../../desk/failures.ts';
import { type Message, sentence } from '../../../slack/blocks.ts';
import { number, percent } from '../format.ts';

export type Shortage = { used: number; purchased: number; share: number; warnFrom: number };

export const short = ({ used, purchased, share, warnFrom }: Shortage): Message =>
  sentence(
    `:warning: MFA licenses are running out: ${number(used)} of ${number(purchased)} are in use, ${percent(share)}; the warning threshold is ${percent(warnFrom)}. \`/securid license\` shows more.`,
  );

export const notAsked = (incident: string): Message =>
  withIncident(
    'There is no license summary this time: SecurID was unavailable for six hours. Once it is back, `/securid license` shows the summary.',
    incident,
  );

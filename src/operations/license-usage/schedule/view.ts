import type { Message } from '../../../slack/blocks.ts';
import { withIncident } from '../../failures.ts';

export const notAsked = (incident: string): Message =>
  withIncident(
    'There is no licence summary this time: SecurID could not be asked for six hours. Once it answers, `/securid license` shows it.',
    incident,
  );

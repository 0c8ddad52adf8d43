import type { Check } from '../finding.ts';
import { chain } from './chain.ts';
import { channels } from './channels.ts';
import { clock } from './clock.ts';
import { configuration } from './configuration.ts';
import { delivery, opsPort } from './delivery.ts';
import { hosts } from './hosts.ts';
import { caFile, node, openFiles } from './machine.ts';
import { groups, people } from './people.ts';
import { proxy } from './proxy.ts';
import { redis } from './redis.ts';
import { apis, changes, tenant } from './securid.ts';
import { botToken, scopes } from './slack.ts';
import { space } from './space.ts';
import { keyFile, stateFile, trailFile } from './trail-files.ts';
import { workspaces } from './workspaces.ts';

/** Every check, in the order of the report. */
export const CHECKS: readonly Check[] = [
  configuration,
  ...[node, clock, caFile, proxy, openFiles, opsPort],
  ...[botToken, workspaces, scopes, delivery, hosts],
  ...[groups, people, channels],
  ...[tenant, ...apis, changes],
  ...[trailFile, keyFile, stateFile, chain, space],
  redis,
];

import { dirname, resolve } from 'node:path';
import { type Check, type Finding, failed, ok, warning } from '../finding.ts';
import type { Services } from '../services.ts';

const MEGABYTE = 1_000_000;

const ENOUGH = 200 * MEGABYTE;
const TOO_LITTLE = 5 * MEGABYTE;

/** Room for the trail and the state. A year's rows take some hundred megabytes. */
export const space: Check = {
  area: 'Audit trail',
  name: 'space',
  async run({ config, freeBytes }) {
    const folders = [
      ...new Set([config.auditFile, config.stateFile].map((file) => dirname(resolve(file)))),
    ];
    return Promise.all(folders.map((folder) => room(folder, freeBytes)));
  },
};

async function room(folder: string, freeBytes: Services['freeBytes']): Promise<Finding> {
  const free = await freeBytes(folder).catch(() => undefined);
  if (free === undefined) {
    return warning('space', `${folder}: free space cannot be read`, {
      remedy: 'Watch the disk in another way: when it is full, no change is made.',
    });
  }
  const megabytes = Math.floor(free / MEGABYTE);
  const says = `${folder}: ${megabytes < 1000 ? `${megabytes} MB` : `${Math.floor(megabytes / 1000)} GB`} free`;
  if (free >= ENOUGH) return ok('space', says);
  const advice = {
    remedy: 'Make room, or rotate the trail: when the disk is full, no change is made.',
    symptom: 'the-audit-trail-cannot-be-written',
  } as const;
  return free < TOO_LITTLE ? failed('space', says, advice) : warning('space', says, advice);
}

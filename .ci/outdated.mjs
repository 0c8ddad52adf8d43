#!/usr/bin/env node
// Lists which packages of package.json are behind, since when, and which are deprecated. Changes nothing.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const AT_ONCE = 4;
const LEVELS = ['major', 'minor', 'patch'];

/** What the registry says about an installed version, through npm, with its proxy, its certificates and its mirror. */
async function view([name, version]) {
  const fields = ['deprecated', 'dist-tags', 'time'];
  const flags = ['--json', '--fetch-retries=0', '--fetch-timeout=15000'];
  const asked = promisify(execFile)('npm', ['view', `${name}@${version}`, ...fields, ...flags], {
    maxBuffer: 2 ** 26,
  });
  const { stdout } = await asked.catch((error) => error);
  const answer = JSON.parse(stdout || '{"error":{"summary":"npm said nothing"}}');
  if (answer.error) throw new Error(`${name}: ${answer.error.summary}`);
  const { 'dist-tags': tags, time, deprecated } = answer;
  return { name, version, newest: tags.latest, time, deprecated };
}

/** One after the other, in as many rows as may run at once. */
async function viewAll(packages) {
  const left = [...packages];
  const found = [];
  const row = async () => {
    for (let next = left.shift(); next; next = left.shift()) found.push(await view(next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, row));
  return found.sort((one, other) => one.name.localeCompare(other.name));
}

const numbers = (version) => version.split('.').map(Number);

/** Which of the three numbers is behind. */
function behind({ version, newest }) {
  const [installed, offered] = [numbers(version), numbers(newest)];
  const first = installed.findIndex((number, index) => number !== offered[index]);
  return first >= 0 && offered[first] > installed[first] ? LEVELS[first] : undefined;
}

/** Where the newest is of another major version: what this major version still offers. */
function besides({ version, time }) {
  const [major] = numbers(version);
  const ours = Object.keys(time).filter((one) => new RegExp(`^${major}\\.\\d+\\.\\d+$`).test(one));
  const last = ours.sort((one, other) => one.localeCompare(other, 'en', { numeric: true })).at(-1);
  return last === version ? `newest of ${major}` : `${last} of ${major}`;
}

const day = (time, version) => time[version]?.slice(0, 10) ?? '';

const line = (one) => [
  one.name,
  one.version,
  day(one.time, one.version),
  one.newest,
  day(one.time, one.newest),
  behind(one) === 'major' ? `major, ${besides(one)}` : behind(one),
];

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const padded = (row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ');
  return rows.map((row) => padded(row).trimEnd()).join('\n');
}

try {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const all = await viewAll(Object.entries({ ...dependencies, ...devDependencies }));
  const late = all.filter(behind);
  const header = ['Package', 'Installed', 'released', 'Newest', 'released', 'Behind'];
  console.log(late.length > 0 ? table([header, ...late.map(line)]) : 'Nothing is behind.');
  const over = all.filter(({ deprecated }) => deprecated);
  for (const { name, version, deprecated } of over) {
    console.log(`\n${name} ${version} is deprecated: ${deprecated}`);
  }
} catch (error) {
  console.log(`The package registry does not say what is behind: ${error.message}
Check the network and \`npm config get registry\`, then run this again.`);
}

import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { systemClock } from '../clock.ts';
import { findChromium, launch } from './chromium.ts';
import { startPageServer } from './page-server.ts';
import { createStage } from './stage.ts';
import { startPlayground } from './start.ts';

/** GitHub shows pictures no wider than this, in pixels. */
const VIEWPORT = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const LARGEST = 300_000;

/** The time in the pictures, fixed so that they change only when their content does. */
const NOON = Date.UTC(2026, 10, 12, 12, 4);

/** Takes the pictures of the documentation from the real page. */
async function main(): Promise<void> {
  const executable = findChromium();
  if (!executable) throw new Error('No Chromium found.');
  const folder = fileURLToPath(new URL('../../docs', import.meta.url));
  mkdirSync(folder, { recursive: true });

  const browser = await launch(executable);
  const open = (colorScheme: Picture['colorScheme']) =>
    browser.newPage({ viewport: VIEWPORT, colorScheme, timezoneId: 'UTC', locale: 'en-US' });
  // Warms up: the first run is slow, and the pictures show times.
  for (const { show } of PICTURES) await take(await open('light'), show);
  for (const { file, colorScheme, show, part } of PICTURES) {
    const path = join(folder, file);
    await take(await open(colorScheme), show, { path, part });
    const { size } = statSync(path);
    if (size > LARGEST) throw new Error(`${path} has ${size} bytes, more than ${LARGEST}`);
    console.log(`${path}: ${size} bytes`);
  }
  await browser.close();
}

/** Each picture has its own playground, so that none affects another. */
async function take(
  page: Page,
  show: Picture['show'],
  { path, part }: { path?: string; part?: Picture['part'] } = {},
): Promise<void> {
  const startedAt = systemClock.elapsed();
  const now = () => NOON + Math.round(systemClock.elapsed() - startedAt);
  const playground = await startPlayground({ ...systemClock, now });
  const files = fileURLToPath(new URL('page', import.meta.url));
  const server = await startPageServer(createStage(playground), files, 0);
  await page.goto(server.url);
  await show(page);
  // Without a cursor and a focus ring.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const message = page.getByRole('list', { name: 'Messages' }).getByRole('listitem').first();
  if (path) await (part === 'message' ? message : page).screenshot({ path });
  await page.close();
  await server.stop();
  await playground.stop();
}

type Picture = {
  file: string;
  colorScheme: 'light' | 'dark';
  show: (page: Page) => Promise<void>;
  /** Only the first message, not the whole page. */
  part?: 'message' | undefined;
};

const PICTURES: Picture[] = [
  { file: 'person.png', colorScheme: 'light', show: showPerson },
  { file: 'new-phone.png', colorScheme: 'light', show: showNewPhone },
  { file: 'token.png', colorScheme: 'dark', show: showToken },
  { file: 'authenticators.png', colorScheme: 'light', show: showAuthenticators },
  { file: 'verification.png', colorScheme: 'light', show: showVerification },
  { file: 'registration-code.png', colorScheme: 'dark', show: showRegistrationCode },
  { file: 'approval.png', colorScheme: 'light', show: showApproval },
  { file: 'notice.png', colorScheme: 'light', show: showNotice, part: 'message' },
  { file: 'license.png', colorScheme: 'light', show: showLicense },
];

async function type(page: Page, text: string): Promise<void> {
  await page.getByRole('combobox', { name: /^Message/ }).fill(text);
  await page.keyboard.press('Enter');
}

async function showPerson(page: Page): Promise<void> {
  await type(page, '/securid user noor@acme.test');
  await page.getByRole('button', { name: 'More actions' }).waitFor();
}

/** The old phone is deleted first, in one flow with the code for the new one. */
async function showNewPhone(page: Page): Promise<void> {
  await type(page, '/securid code noor@acme.test ios');
  await verify(page);
  await page.getByLabel('Registered device').selectOption({ index: 1 });
}

async function showToken(page: Page): Promise<void> {
  await type(page, '/securid user noor@acme.test');
  await page.getByRole('button', { name: 'Token 000000900004' }).click();
  await page.getByRole('button', { name: 'Enable token' }).waitFor();
}

async function showAuthenticators(page: Page): Promise<void> {
  await type(page, '/securid authenticators grace@acme.test');
  await page.getByRole('button', { name: 'Show browsers' }).waitFor();
}

async function showVerification(page: Page): Promise<void> {
  await type(page, '/securid code alan@acme.test ios');
  await verify(page);
}

async function showRegistrationCode(page: Page): Promise<void> {
  await showVerification(page);
  await page.getByRole('button', { name: 'Issue code' }).click();
  await page.getByRole('button', { name: 'Hide now' }).waitFor();
}

/** On a phone, where most people read about their code. */
async function showNotice(page: Page): Promise<void> {
  await showRegistrationCode(page);
  await page.getByRole('radio', { name: 'Alan Mertens' }).check();
  await page.getByRole('button', { name: "This wasn't me" }).waitFor();
  await page.setViewportSize(PHONE);
}

async function showLicense(page: Page): Promise<void> {
  await page.setViewportSize({ width: VIEWPORT.width, height: 1400 });
  await page.getByText('Mira Novak').first().click();
  await type(page, '/securid license');
  await page.getByRole('button', { name: 'Download CSV' }).waitFor();
}

async function showApproval(page: Page): Promise<void> {
  await type(page, '/securid code edda@acme.test ios');
  await verify(page);
  await page.getByRole('button', { name: 'Ask for approval' }).click();
  await page.getByText('Waiting for approval').waitFor();
  await page.getByRole('radio', { name: 'Mira Novak' }).check();
  await page.getByRole('button', { name: '# securid-approvals' }).click();
  await page.getByRole('button', { name: 'Approve' }).waitFor();
}

/** Fills the form in without sending it. */
async function verify(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Verify and issue' }).click();
  const form = page.getByRole('dialog', { name: 'Verification' });
  await form.getByLabel('Ticket').fill('INC-4711');
  await form.getByLabel('Reason').fill('New telephone');
  const method = form.getByLabel('How did you verify the caller?');
  await method.selectOption('In person with badge');
}

await main();
process.exit(0);

import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { findChromium, launch } from './chromium.ts';
import { startPageServer } from './page-server.ts';
import { createStage } from './stage.ts';
import { startPlayground } from './start.ts';

/** GitHub shows a README's pictures at this width at most. */
const VIEWPORT = { width: 1280, height: 800 };
const LARGEST = 300_000;

/** Takes the README's pictures, of the page as it is. */
async function main(): Promise<void> {
  const executable = findChromium();
  if (!executable) throw new Error('No Chromium found.');
  const folder = fileURLToPath(new URL('../../docs', import.meta.url));
  mkdirSync(folder, { recursive: true });

  const browser = await launch(executable);
  for (const { file, colorScheme, show } of PICTURES) {
    const path = join(folder, file);
    const page = await browser.newPage({ viewport: VIEWPORT, colorScheme });
    await take(page, path, show);
    const { size } = statSync(path);
    if (size > LARGEST) throw new Error(`${path} has ${size} bytes, more than ${LARGEST}`);
    console.log(`${path}: ${size} bytes`);
  }
  await browser.close();
}

/** With a playground of its own: what stands in another picture is in no way of this one. */
async function take(page: Page, path: string, show: Picture['show']): Promise<void> {
  const playground = await startPlayground();
  const files = fileURLToPath(new URL('page', import.meta.url));
  const server = await startPageServer(createStage(playground), files, 0);
  await page.goto(server.url);
  await show(page);
  await page.screenshot({ path });
  await page.close();
  await server.stop();
  await playground.stop();
}

type Picture = {
  file: string;
  colorScheme: 'light' | 'dark';
  show: (page: Page) => Promise<void>;
};

const PICTURES: Picture[] = [
  { file: 'authenticators.png', colorScheme: 'light', show: showAuthenticators },
  { file: 'verification.png', colorScheme: 'light', show: showVerification },
  { file: 'registration-code.png', colorScheme: 'dark', show: showRegistrationCode },
  { file: 'approval.png', colorScheme: 'light', show: showApproval },
  { file: 'license.png', colorScheme: 'light', show: showLicences },
];

async function type(page: Page, text: string): Promise<void> {
  await page.getByRole('combobox', { name: /^Message/ }).fill(text);
  await page.keyboard.press('Enter');
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

async function showLicences(page: Page): Promise<void> {
  await page.setViewportSize({ width: VIEWPORT.width, height: 1300 });
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

/** Fills the form in, and does not send it. */
async function verify(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Verify and issue' }).click();
  const form = page.getByRole('dialog', { name: 'Verification' });
  await form.getByLabel('Ticket').fill('INC-4711');
  await form.getByLabel('Reason').fill('New telephone');
  const method = form.getByLabel('How did you make sure who is asking?');
  await method.selectOption('In person with badge');
}

await main();
process.exit(0);

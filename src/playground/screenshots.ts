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

  const playground = await startPlayground();
  const files = fileURLToPath(new URL('page', import.meta.url));
  const server = await startPageServer(createStage(playground), files, 0);
  const browser = await launch(executable);

  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ viewport: VIEWPORT, colorScheme });
    await page.goto(server.url);
    const path = join(folder, PICTURES[colorScheme].file);
    await PICTURES[colorScheme].show(page);
    await page.screenshot({ path });
    const { size } = statSync(path);
    if (size > LARGEST) throw new Error(`${path} has ${size} bytes, more than ${LARGEST}`);
    console.log(`${path}: ${size} bytes`);
    await page.close();
  }
  await browser.close();
  await server.stop();
  await playground.stop();
}

const PICTURES = {
  light: { file: 'authenticators.png', show: showAuthenticators },
  dark: { file: 'registration-code.png', show: showRegistrationCode },
};

async function type(page: Page, text: string): Promise<void> {
  await page.getByRole('combobox', { name: /^Message/ }).fill(text);
  await page.keyboard.press('Enter');
}

async function showAuthenticators(page: Page): Promise<void> {
  await type(page, '/securid authenticators grace@acme.test');
  await page.getByRole('button', { name: 'Show browsers' }).waitFor();
}

async function showRegistrationCode(page: Page): Promise<void> {
  await type(page, '/securid code alan@acme.test ios');
  await page.getByLabel('Reason').fill('New telephone');
  await page.getByRole('button', { name: 'Issue code' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Issue code' }).click();
  await page.getByRole('button', { name: 'Hide now' }).waitFor();
}

await main();
process.exit(0);

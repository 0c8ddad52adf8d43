import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { findChromium, launch } from '../../src/playground/chromium.ts';
import { startPageServer } from '../../src/playground/page-server.ts';
import { createStage } from '../../src/playground/stage.ts';
import { startPlayground } from '../../src/playground/start.ts';
import { manualClock } from '../support/manual-clock.ts';
import { ROOT } from '../support/sources.ts';

export const chromium = findChromium();
if (!chromium) {
  console.log('Skipped: no Chromium found. On Debian: apt-get install chromium');
}

const SCREENSHOTS = join(ROOT, '.test-output/browser');

/** A playground of its own, and a browser that shows it. Time stands still unless a test moves it. */
export async function openPage(
  browser: Browser,
  { colorScheme = 'light' as 'light' | 'dark' } = {},
) {
  const clock = manualClock(Date.now());
  const playground = await startPlayground(clock);
  const files = join(ROOT, 'dist/playground/page');
  const server = await startPageServer(createStage(playground), files, 0);
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, colorScheme });
  const page = await context.newPage();
  const elsewhere: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) {
      elsewhere.push(request.url());
    }
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });

  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') await keepScreenshot(page, task.name);
    await context.close();
    await server.stop();
    const stopped = playground.stop();
    // Whatever still runs waits for this clock.
    clock.advance(60_000);
    await stopped;
  });
  await page.goto(server.url);

  return {
    page,
    clock,
    playground,
    url: server.url,
    /** What Ctrl-C does while the page is open. */
    stopServer: () => server.stop(),
    /** Requests to other hosts, and the browser's errors. */
    elsewhere,
    complaints,
    messages: page.getByRole('list', { name: 'Messages' }),
    type: (text: string) => type(page, text),
    be: (who: string) => persona(page, who).check(),
    /** A person to act as; the number of unread messages is part of the name. */
    persona: (who: string) => persona(page, who),
    go: (place: string) => sidebar(page).getByRole('button', { name: place }).click(),
    place: (name: string) => sidebar(page).getByRole('button', { name }),
  };
}

const persona = (page: Page, who: string) =>
  page.getByRole('group', { name: 'Who I am' }).getByRole('radio', { name: who });

const sidebar = (page: Page) => page.getByRole('navigation', { name: 'Workspace' });

async function keepScreenshot(page: Page, title: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const name = title.replace(/[^a-z0-9]+/gi, '-').slice(0, 80);
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

async function type(page: Page, text: string): Promise<void> {
  await page.getByRole('combobox', { name: /^Message/ }).fill(text);
  await page.keyboard.press('Enter');
}

export { launch };

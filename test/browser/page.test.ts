import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inGroups } from '../../src/desk/aloud.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { chromium, launch, openPage } from './browser.ts';

const AGENT = 'Jonas Weber';
const MANAGER = 'Mira Novak';
const EMPLOYEE = 'Alan Mertens';
const PROTECTED = 'Edda Frost';
const OFFICER = 'Sana Idris';
const GUEST = 'Gil Rivers';
const NOBODY = 'Nora Brandt';

describe.skipIf(!chromium)('the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch(chromium ?? '');
  });
  afterAll(() => browser.close());

  it('lists authenticators, then the browsers in the same message', async () => {
    const { page, messages, type } = await openPage(browser);

    await type('/securid authenticators grace@acme.test');
    await messages.getByRole('heading', { name: 'Authenticators of Grace Okafor' }).waitFor();
    expect(await messages.getByText('Only visible to you').count()).toBe(1);
    await messages.getByRole('button', { name: 'Show browsers' }).click();

    await messages.getByText('Firefox 135.0').waitFor();
    expect(await messages.getByRole('listitem').count()).toBe(1);
    expect(await page.getByText('GET v2/users').count()).toBe(2);
  });

  it('shows a token by its serial number, and leads to its owner', async () => {
    const { messages, type } = await openPage(browser);

    await type('/securid token 900001');
    await messages.getByRole('heading', { name: 'Hardware token 000000900001' }).waitFor();
    await messages.getByRole('button', { name: "Owner's authenticators" }).click();

    await messages.getByText('Spare key').waitFor();
  });

  it('issues a code after a verification, shows it and hides it', async () => {
    const { page, messages, type, playground } = await openPage(browser);

    await type('/securid code alan@acme.test android');
    await messages.getByRole('button', { name: 'Verify and issue' }).click();
    const form = page.getByRole('dialog', { name: 'Verification' });
    await form.getByRole('button', { name: 'Issue code' }).click();
    await form.getByText('Please complete this required field.').first().waitFor();
    expect(await form.locator('[aria-invalid="true"]').count()).toBe(3);
    expect(playground.tenant.issuedCodes).toEqual([]);
    await fillIn(form);
    expect(await form.getByLabel('Platform').inputValue()).toBe('android');
    await form.getByRole('button', { name: 'Issue code' }).click();

    await messages.getByRole('button', { name: 'Hide now' }).waitFor();
    const code = playground.tenant.issuedCodes[0]?.code ?? 'none';
    await messages.getByRole('heading', { name: inGroups(code) }).waitFor();
    await page.getByText('deviceRegistrationCode').first().click();
    expect(await page.getByText(code).count()).toBe(1);

    await messages.getByRole('button', { name: 'Hide now' }).click();
    await messages.getByText('was hidden').waitFor();
    expect(await page.content()).not.toContain(code);
  });

  it('unlocks what is locked, with the command that help lists', async () => {
    const { page, messages, type } = await openPage(browser);
    await type('/securid help');
    await messages.getByText('/securid unlock <who>', { exact: true }).waitFor();

    await type('/securid unlock noor@acme.test');
    await messages.getByRole('button', { name: 'Verify and unlock' }).click();
    const form = page.getByRole('dialog', { name: 'Verification' });
    await fillIn(form);
    await form.getByRole('button', { name: 'Unlock' }).click();

    await messages.getByText('Noor Haddad was notified').waitFor();
  });

  it('lets a second person approve, and the user report that it was not them', async () => {
    const { page, clock, messages, type, be, go, persona, place, playground } =
      await openPage(browser);
    await type('/securid code edda@acme.test ios');
    await messages.getByText('A second person has to approve').waitFor();
    await messages.getByRole('button', { name: 'Verify and issue' }).click();
    const form = page.getByRole('dialog', { name: 'Verification' });
    await fillIn(form);
    await form.getByRole('button', { name: 'Ask for approval' }).click();
    await messages.getByText('⏳ Waiting for approval in').waitFor();

    await persona(`${MANAGER} manager, approver 1 new`).check();
    await place('# securid-approvals 1 new').click();
    await messages.getByRole('button', { name: 'Approve' }).click();
    const question = page.getByRole('dialog', { name: 'Approve this code?' });
    await question.getByRole('button', { name: 'Approve' }).click();
    await comes(messages.getByText('✅ Approved by'), clock);
    expect(await messages.getByRole('button').count()).toBe(0);
    await persona(`${PROTECTED} CFO, protected 1 new`).waitFor();

    await be(AGENT);
    await go('# help-desk');
    await messages.getByRole('button', { name: 'Hide now' }).waitFor();
    const code = playground.tenant.issuedCodes[0]?.code ?? 'none';
    await messages.getByRole('heading', { name: inGroups(code) }).waitFor();

    await be(PROTECTED);
    await messages.getByText('A registration code for your SecurID account').waitFor();
    expect(await persona(PROTECTED).evaluate(nameOf)).not.toContain('new');
    await messages.getByRole('button', { name: "This wasn't me" }).click();
    const sure = page.getByRole('dialog', { name: "You didn't ask for this?" });
    const yes = sure.getByRole('button', { name: "This wasn't me" });
    expect(await yes.getAttribute('class')).toContain('danger');
    await yes.click();
    await comes(messages.getByText('🚨 Thank you. Security has been notified'), clock);
    expect(await page.content()).not.toContain(code);

    await be(OFFICER);
    await go('# security');
    await messages.getByRole('button', { name: 'Lift the block' }).click();
    const lift = page.getByRole('dialog', { name: 'Lift the block?' });
    await lift.getByRole('button', { name: 'Lift the block' }).click();
    await comes(messages.getByText('🔓 The block was lifted by'), clock);
  });

  it("keeps the bot's messages to a person beside its Home, even after a reload", async () => {
    const { page, messages, type, be, go } = await openPage(browser);
    await be(EMPLOYEE);
    await page.getByRole('heading', { name: 'SecurID Desk' }).waitFor();
    expect(await page.getByRole('button', { name: 'Messages' }).count()).toBe(0);

    await be(AGENT);
    await type('/securid code alan@acme.test ios');
    await messages.getByRole('button', { name: 'Verify and issue' }).click();
    const form = page.getByRole('dialog', { name: 'Verification' });
    await fillIn(form);
    await form.getByRole('button', { name: 'Issue code' }).click();
    await messages.getByRole('button', { name: 'Hide now' }).waitFor();

    await page.reload();
    await be(EMPLOYEE);
    await messages.getByRole('button', { name: "This wasn't me" }).waitFor();
    await go('SecurID Desk');
    await page.getByRole('button', { name: 'Messages' }).click();
    await messages.getByText('A registration code for your SecurID account').waitFor();
  });

  it('erases a code in front of the agent when it expires', async () => {
    const { page, messages, type, clock, playground } = await openPage(browser);
    await type('/securid code alan@acme.test ios');
    await messages.getByRole('button', { name: 'Verify and issue' }).click();
    const form = page.getByRole('dialog', { name: 'Verification' });
    await fillIn(form);
    await form.getByRole('button', { name: 'Issue code' }).click();
    await messages.getByRole('button', { name: 'Hide now' }).waitFor();

    clock.advance(5 * 60_000);

    await messages.getByText('expired').waitFor();
    expect(await page.content()).not.toContain(playground.tenant.issuedCodes[0]?.code);
  });

  it('shows the license summary to everybody in the channel, and keeps it after a reload', async () => {
    const { page, messages, type, be, go } = await openPage(browser);
    await be(MANAGER);
    await go('# it-managers');
    await type('/securid license');
    await messages.getByRole('heading', { name: 'RSA ID Plus license summary' }).waitFor();
    await type('/securid help');
    await messages.getByRole('heading', { name: 'What you can do' }).waitFor();

    await be(AGENT);
    await messages.getByText('requested by').waitFor();
    expect(await messages.getByText('What you can do').count()).toBe(0);

    await page.reload();
    await be(MANAGER);
    await go('# it-managers');
    await messages.getByText('requested by').waitFor();
    expect(await messages.getByText('What you can do').count()).toBe(0);
  });

  it('opens the form, says at the field that a serial number is wrong, and then answers', async () => {
    const { page, messages, type } = await openPage(browser);
    await type('/securid');
    const form = page.getByRole('dialog', { name: 'SecurID Desk' });
    await form.getByLabel('What would you like to do?').selectOption('Look up a hardware token');
    await form.getByLabel('Serial number').fill('12x');
    await form.getByRole('button', { name: 'Show' }).click();

    await form.getByText('A serial number has only digits').waitFor();
    expect(await form.getByLabel('Serial number').getAttribute('aria-invalid')).toBe('true');

    await form.getByLabel('Serial number').fill('900002');
    await form.getByRole('button', { name: 'Show' }).click();
    await messages.getByRole('heading', { name: 'Hardware token 000000900002' }).waitFor();
    expect(await form.count()).toBe(0);
  });

  it.each([GUEST, NOBODY])('refuses “%s” politely, and nothing reaches the tenant', async (who) => {
    const { messages, type, be, playground } = await openPage(browser);
    await be(who);

    await type('/securid user grace@acme.test');

    await messages.getByText('Sorry').waitFor();
    expect(playground.tenant.calls()).toEqual([]);
  });

  it('says so when the tenant fails, and works again when it does', async () => {
    const { page, messages, type } = await openPage(browser);
    await page.getByLabel('refuses our key').check();
    await type('/securid user grace@acme.test');
    await messages.getByText("refused this app's key").waitFor();
    await messages.getByText('Incident').waitFor();

    await page.getByLabel('answers as it should').check();
    await type('/securid user grace@acme.test');
    await messages.getByRole('heading', { name: 'Grace Okafor' }).waitFor();
  });

  it('waits while the tenant limits its rate, then answers', async () => {
    const { page, messages, type, clock, playground } = await openPage(browser);
    await page.getByLabel('accepts one request every five seconds').check();

    await type('/securid authenticators noor@acme.test');
    await playground.tenant.saw('GET /v2/users/{id}/devices');
    await page.getByText('429', { exact: true }).waitFor();
    clock.advance(5000);

    await messages.getByRole('heading', { name: 'Authenticators of Noor Haddad' }).waitFor();
  });

  it('shows markup in names as plain text', async () => {
    const { page, messages, type, complaints, elsewhere } = await openPage(browser);

    await type('/securid user mallory@acme.test');
    await messages.getByRole('heading', { name: '<!channel> *Mallory* `Mark`_up_' }).waitFor();
    await type('/securid authenticators mallory@acme.test');
    await messages.getByText('<!channel> ```token``` ~gone~ & > quote').waitFor();

    expect(await messages.getByRole('link').count()).toBe(0);
    expect(await page.locator('script[src*="evil"]').count()).toBe(0);
    expect({ complaints, elsewhere }).toEqual({ complaints: [], elsewhere: [] });
  });

  it('completes slash commands from the keyboard', async () => {
    const { page, messages } = await openPage(browser);
    const box = page.getByRole('combobox', { name: 'Message #help-desk' });

    await box.pressSequentially('/securid he');
    await page.getByRole('option', { name: '/securid help' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await box.inputValue()).toBe('/securid help ');
    await page.keyboard.press('Enter');

    await messages.getByText('/securid token').first().waitFor();
  });

  it('takes ten thousand characters', async () => {
    const { messages, type } = await openPage(browser);

    await type(`/securid user ${'x'.repeat(10_000)}`);

    await messages.getByText('Usage').waitFor();
  });

  it('is just as usable in dark mode', async () => {
    const { page, messages, type } = await openPage(browser, { colorScheme: 'dark' });
    await type('/securid user grace@acme.test');
    await messages.getByRole('heading', { name: 'Grace Okafor' }).waitFor();

    const ground = await page
      .locator('.page')
      .evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(ground).toBe('rgb(26, 29, 33)');
    await page.getByRole('button', { name: 'Light theme' }).click();
    await page.getByRole('button', { name: 'Dark theme' }).waitFor();
  });

  it('returns the focus after a dialog, or moves it to the message if its button is gone', async () => {
    const { page, messages, type } = await openPage(browser);
    await type('/securid code alan@acme.test android');
    const verify = messages.getByRole('button', { name: 'Verify and issue' });
    await verify.press('Enter');
    const form = page.getByRole('dialog', { name: 'Verification' });
    await form.waitFor();
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    expect(await hasFocus(verify)).toBe(true);

    await verify.press('Enter');
    await fillIn(form);
    await form.getByRole('button', { name: 'Issue code' }).press('Enter');
    await messages.getByRole('button', { name: 'Hide now' }).waitFor();
    expect(await hasFocus(messages.getByRole('listitem'))).toBe(true);
  });

  it('chooses from the menu of a card with the keyboard, and closes it on Escape', async () => {
    const { page, messages, type, complaints } = await openPage(browser);
    await type('/securid user noor@acme.test');
    const more = messages.getByRole('button', { name: 'More actions' });
    await more.click();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    expect(await more.evaluate((element) => element === document.activeElement)).toBe(true);

    await page.keyboard.press('Enter');
    await page.getByRole('menuitem').first().waitFor();
    await page.keyboard.press('ArrowUp');
    expect(await page.locator(':focus').textContent()).toBe('Disable user');
    await page.getByRole('menuitem', { name: 'Authenticators' }).focus();
    await page.keyboard.press('Enter');

    await messages.getByRole('heading', { name: 'Authenticators of Noor Haddad' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('moves from the form’s errors to the field, and back to the message box', async () => {
    const { page, type } = await openPage(browser);
    await type('/securid');
    const form = page.getByRole('dialog', { name: 'SecurID Desk' });
    const task = form.getByLabel('What would you like to do?');
    await task.waitFor();
    expect(await hasFocus(task)).toBe(true);

    await task.selectOption('Look up a hardware token');
    await form.getByLabel('Serial number').press('Enter');
    await form.getByText('Please complete this required field.').waitFor();
    expect(await hasFocus(form.getByLabel('Serial number'))).toBe(true);

    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    expect(await hasFocus(page.getByRole('combobox', { name: /^Message/ }))).toBe(true);
  });

  it('says in an open form that the playground has stopped, and lets it be closed', async () => {
    const { page, type, stopServer } = await openPage(browser);
    await type('/securid');
    const form = page.getByRole('dialog', { name: 'SecurID Desk' });
    await form.getByRole('button', { name: 'Show' }).waitFor();

    await stopServer();
    await form.getByRole('alert').getByText('has stopped').waitFor();
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });

    await type('/securid user grace@acme.test');
    await page.getByText('The playground has stopped').waitFor();
    const box = page.getByRole('combobox', { name: /^Message/ });
    await expect.poll(() => box.inputValue()).toBe('/securid user grace@acme.test');
  });

  it('says what Slack says to an unknown command', async () => {
    const { page, messages, type } = await openPage(browser);

    await type('/secured user grace@acme.test');

    await page.getByText('/secured is not a valid command.').waitFor();
    expect(await messages.getByText('dispatch_failed').count()).toBe(0);
  });

  it.each(['light', 'dark'] as const)('can be read in the %s: WCAG AA', async (colorScheme) => {
    const { page, messages, type } = await openPage(browser, { colorScheme });
    await type('/securid code alan@acme.test android');
    await messages.getByRole('button', { name: 'Verify and issue' }).click();
    await page.getByLabel('Ticket').waitFor();

    expect(await contrast(page, '.good', 'color')).toBeGreaterThanOrEqual(4.5);
    expect(await contrast(page, '.field input', 'color', '::placeholder')).toBeGreaterThanOrEqual(
      4.5,
    );
    expect(await contrast(page, '.persona small', 'color')).toBeGreaterThanOrEqual(4.5);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const place = page.getByRole('button', { name: '# it-managers' });
    await place.focus();
    expect(await contrast(page, '.place:focus', 'outlineColor')).toBeGreaterThanOrEqual(3);
  });

  it('scrolls only tables that are wider than the window', async () => {
    const { page, messages, type } = await openPage(browser);
    await page.setViewportSize({ width: 600, height: 900 });
    await type('/securid authenticators otto@acme.test');
    const more = messages.getByText('Showing 50 of 140');
    await more.waitFor();

    const [line, list] = [await more.boundingBox(), await messages.boundingBox()];
    expect((line?.x ?? 0) + (line?.width ?? 0)).toBeLessThanOrEqual(
      (list?.x ?? 0) + (list?.width ?? 0),
    );
    expect(await messages.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  });

  it('folds the navigation on a phone, and shows where something scrolls', async () => {
    const { page, messages, type } = await openPage(browser);
    await page.setViewportSize({ width: 390, height: 844 });
    const mira = page.locator('.persona', { hasText: 'Mira Novak' });
    expect(await mira.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Jonas Weber' }).click();
    await mira.click();
    expect(await mira.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Mira Novak' }).waitFor();

    await type('/securid authenticators grace@acme.test');
    await messages.getByText('Scroll sideways to see the whole table').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  it('scrolls to the latest message, even if it replaced an older one', async () => {
    const { page, clock, messages, type } = await openPage(browser);
    await page.setViewportSize({ width: 1280, height: 600 });
    await type('/securid user grace@acme.test');
    await type('/securid authenticators grace@acme.test');
    await messages.getByRole('button', { name: 'Show browsers' }).waitFor();
    await type('/securid token 000000900001');
    await comes(messages.getByRole('button', { name: "Owner's authenticators" }), clock);
    const older = messages.getByRole('button', { name: 'Show browsers' });
    await older.evaluate((element) => (element as HTMLElement).click());

    const browsers = messages.getByText('Firefox 135.0');
    await comes(browsers, clock);
    await expect.poll(() => isInSight(browsers, messages)).toBe(true);
  });
});

/** Waits for SecurID's turn, which comes only when the clock moves. */
const comes = (one: Locator, clock: ManualClock) =>
  expect
    .poll(() => {
      clock.advance(500);
      return one.count();
    })
    .toBe(1);

async function isInSight(one: Locator, within: Locator): Promise<boolean> {
  const [inner, outer] = [await one.boundingBox(), await within.boundingBox()];
  if (!inner || !outer) return false;
  return inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height;
}

/** Everything but the platform, which is already set. */
async function fillIn(form: Locator): Promise<void> {
  await form.getByLabel('How did you verify the caller?').selectOption('In person with badge');
  await form.getByLabel('Ticket').fill('INC-4711');
  await form.getByLabel('Reason').fill('New telephone');
}

const nameOf = (element: Element) => element.closest('label')?.textContent ?? '';

const hasFocus = (one: Locator) => one.evaluate((element) => element === document.activeElement);

/** The contrast of something with its background: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
const contrast = (page: Page, what: string, property: 'color' | 'outlineColor', pseudo?: string) =>
  page
    .locator(what)
    .first()
    .evaluate(
      (element, { property, pseudo }) => {
        const channels = (color: string) => color.match(/[\d.]+/g)?.map(Number) ?? [];
        const luminance = (color: string) => {
          const [red = 0, green = 0, blue = 0] = channels(color).map((value) =>
            value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
          );
          return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        };
        // An outline is drawn outside its element.
        let under = property === 'color' ? element : element.parentElement;
        const ground = () =>
          under ? getComputedStyle(under).backgroundColor : 'rgb(255, 255, 255)';
        while (under && channels(ground())[3] === 0) under = under.parentElement;
        const [dark = 0, light = 0] = [
          luminance(getComputedStyle(element, pseudo)[property]),
          luminance(ground()),
        ].sort((one, other) => one - other);
        return (light + 0.05) / (dark + 0.05);
      },
      { property, pseudo },
    );

import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startPlayground } from '../../src/playground/start.ts';
import { runTerminal } from '../../src/playground/terminal.ts';
import { atRest } from '../support/at-rest.ts';
import { eventually } from '../support/help-desk.ts';

describe('the playground', () => {
  it('answers the commands that it suggests', async () => {
    const read = await type(
      '/securid authenticators grace@acme.test',
      '/securid code alan@acme.test ios',
      '1',
      '1 In person with badge',
      '2 INC-4711',
      '3 new telephone',
      '5',
      'as mira',
      '/securid license',
    );

    expect(read).toContain('# Authenticators of Grace Okafor');
    expect(read).toMatch(
      /│ Registration code for Alan Mertens\n│ # \d{3} \d{3} \d{3}\n│ To copy: `\d{9}`\n│ Platform: iOS/,
    );
    expect(read).toContain('#help-desk, visible to everybody\n│ # RSA ID Plus license summary');
    expect(read).toContain('POST /v1/users/deviceRegistrationCode 200');
  });

  it('chooses from the menu of a card by its number and an option', async () => {
    const read = await type('/securid user noor@acme.test', '6 Authenticators', '6 Thaw');

    expect(read).toContain('6 [ … ');
    expect(read).toContain('# Authenticators of Noor Haddad');
  });

  it('says at once that there is no such slash command', async () => {
    const read = await type('/secured grace@acme.test', '/securid token 000000900001');

    expect(read).toContain('/secured is not a valid command. There is /securid.');
    expect(read).toContain('# Hardware token 000000900001');
    expect(read).not.toContain('not acknowledged');
  });

  it('lets somebody else approve a code, and the user read about it', async () => {
    const read = await type(
      '/securid code edda@acme.test ios',
      '1',
      '1 In person with badge',
      '2 INC-4711',
      '3 new telephone',
      '5',
      'as mira',
      'in securid-approvals',
      '1',
      'yes',
      'as edda',
      'in security',
      '1',
      'yes',
    );

    expect(read).toContain('mira in #securid-approvals> ');
    expect(read).toContain('✅ Approved by @mira.');
    expect(read).toContain('a direct message\n│ 🔑 A registration code for your SecurID account');
    expect(read).toContain('You are not in #security.');
    expect(read).toContain('🚨 Thank you. Security has been notified');
  });

  it('says to somebody without channels that the bot has written nothing to them', async () => {
    const read = await type('as alan', 'in dm', '/securid help');

    expect(read).toContain('alan> ');
    expect(read).toContain('The bot has written nothing to you.');
    expect(read).toContain('is not in any channel');
  });

  it('opens the form, shows an error at its field and then the answer', async () => {
    const read = await type(
      '/securid',
      '1 Look up a hardware token',
      '2 12x',
      '3',
      '2 900001',
      '3',
    );

    expect(read).toContain('A serial number has only digits, at most 36 of them');
    expect(read).toContain('# Hardware token 000000900001');
  });

  it('says what it does not understand, and ends with quit', async () => {
    const read = await type('7', 'as somebody', 'people', 'quit', '/securid help');

    expect(read).toContain('There is no 7 on the screen.');
    expect(read).toContain('as jonas|mira|sana|alan|edda|nora|gil');
    expect(read).toContain('otto@acme.test');
    expect(read).not.toContain('What you can do');
  });

  it('issues nothing if the form before a code is closed', async () => {
    const read = await type('/securid code alan@acme.test ios', '1', '2 INC-4711', '6');

    expect(read).toContain('[ Issue code ]');
    expect(read).not.toContain('deviceRegistrationCode');
  });
});

/** The prompt, or a question before something is done. */
const ASKS = /^[a-z]+( in [^>\n]+)?> |^Type yes to go on\.$/gm;

/** Types the lines one by one and returns everything printed. */
async function type(...lines: string[]): Promise<string> {
  const playground = await startPlayground();
  onTestFinished(playground.stop);
  const input = new PassThrough();
  const output = new PassThrough();
  let printed = '';
  output.on('data', (chunk: Buffer) => {
    printed += chunk;
  });
  let hasEnded = false;
  const running = runTerminal(playground, { input, output }).then(() => {
    hasEnded = true;
  });
  const asked = () => printed.match(ASKS)?.length ?? 0;
  await eventually(() => asked() === 1);
  for (const line of lines) {
    const before = asked();
    input.write(`${line}\n`);
    await eventually(() => asked() > before || hasEnded);
    // A person types on once they have read the answer.
    await atRest();
  }
  input.end();
  await running;
  return printed;
}

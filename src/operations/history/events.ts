/** What an event means for a call at the help desk. */
export type Meaning = {
  /**
   * `worked`: the user got in. `failed`: they did not. `locked`: a method is locked from here on.
   * `changed`: something that bears on later sign-ins. `step`: goes with another event, which says more.
   */
  is: 'worked' | 'failed' | 'locked' | 'changed' | 'step';
  /** Whether the user got in, told by an event that is itself no sign-in. */
  gotIn?: true;
  /** Within a sentence, without an article: `wrong OTP`. */
  says: string;
  /** What to do, in whole sentences. */
  next?: string;
  /** The change that helps, by its name. */
  change?: string;
  /** The change that helps until then, by its name. */
  meanwhile?: string;
};

const worked = (says: string): Meaning => ({ is: 'worked', says });
const failed = (says: string, next?: string): Meaning => ({
  is: 'failed',
  says,
  ...(next && { next }),
});
const locked = (says: string, is: Meaning['is'] = 'locked'): Meaning => ({
  is,
  says,
  next: 'The method is locked. If the user can explain the failed attempts, have it unlocked.',
  change: 'unlock',
});
const changed = (says: string, next?: string): Meaning => ({
  ...failed(says, next),
  is: 'changed',
});
const step = (says: string): Meaning => ({ is: 'step', says });
const gotIn = (says: string): Meaning => ({ is: 'step', says, gotIn: true });

const ADMINISTRATORS = 'This is not the user’s mistake: please tell the SecurID administrators.';
const DIRECTORY = 'This has to be fixed in the company directory: SecurID only follows it.';
const RETYPE =
  'Ask the user to wait for the next OTP, and check that it is for this account. After too many attempts, SecurID locks the method.';
const NOT_THEM =
  'Ask whether the user started that sign-in. If not, somebody else has their password: call your security team.';
const ANSWER_SOONER =
  'Ask the user to keep the phone at hand and the app open while signing in. An OTP from the app works, too.';
const ENABLE = 'The user is disabled in SecurID. Find out why before anybody enables them.';
const REGISTER = 'The user has nothing registered for that method. Look at their authenticators.';
const UNREGISTERED: Meaning = {
  is: 'failed',
  says: 'no authenticator registered',
  next: 'The user has no authenticator. They need a registration code, or an emergency code for now.',
  change: 'code',
  meanwhile: 'emergency',
};
const SYNCHRONIZE =
  'SecurID could not bring the user’s record up to date from the directory: please tell the SecurID administrators.';
const NUMBER = 'Check the phone number that SecurID has on file.';

/**
 * By RSA's event codes, in our own words. RSA changes its descriptions now and then and keeps the codes.
 * @see https://community.rsa.com/s/article/ka4PO00000020jtYAA codes up to 345
 * @see https://community.rsa.com/s/article/User-Event-Monitor-Messages-for-Cloud-Access-Service-400-1409-c68f8857
 * @see https://community.securid.com/s/article/User-Event-Monitor-Messages-for-Cloud-Access-Service-1501-20406-0fbb935a
 * @see https://community.securid.com/s/article/ka4PO0000002vF7YAI codes from 20601 on
 */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  2: locked('method locked'),
  3: { ...changed('unlocked by a sign-in that worked'), gotIn: true },
  4: changed('OTP unlocked by itself'),
  31: failed('unknown user', 'SecurID did not know that user name. Ask what the user typed.'),
  32: failed('the user is disabled', ENABLE),
  33: failed('unknown application', ADMINISTRATORS),
  34: failed('no policy rule fits', ADMINISTRATORS),
  35: locked('tried while locked', 'failed'),
  36: failed('method not registered', REGISTER),
  51: UNREGISTERED,
  52: failed(
    'push not sent',
    'SecurID could not reach the phone. Check its connection and notifications; an OTP from the app works without them.',
  ),
  101: changed('OTP enrolled'),
  103: worked('OTP accepted'),
  104: failed('wrong OTP', RETYPE),
  105: failed('OTP used twice', 'Each OTP works once. Ask the user to wait for the next one.'),
  201: step('password accepted'),
  203: failed('directory not reached', ADMINISTRATORS),
  215: failed('wrong password or unknown user name', DIRECTORY),
  219: failed('password expired', DIRECTORY),
  220: failed('disabled in the directory', DIRECTORY),
  222: failed('directory account expired', DIRECTORY),
  223: failed('password has to be changed', DIRECTORY),
  224: failed('locked out in the directory', DIRECTORY),
  225: failed('password locked in the directory', DIRECTORY),
  300: changed('FIDO credential registered'),
  340: worked('FIDO accepted'),
  341: failed('FIDO not accepted', 'Ask the user to try the key in another port or browser.'),
  342: failed('FIDO not accepted', ADMINISTRATORS),
  343: failed('FIDO not accepted', 'Ask the user to try the key in another port or browser.'),
  400: changed('enabled again'),
  401: changed('disabled because the directory says so', DIRECTORY),
  402: changed('disabled because the directory no longer has the user', DIRECTORY),
  ...Object.fromEntries(
    [403, 404, 405, 406, 407, 408, 409, 410, 413].map((code) => [
      code,
      failed('not synchronized with the directory', SYNCHRONIZE),
    ]),
  ),
  601: worked('token accepted'),
  602: changed('new PIN set'),
  603: step('new PIN required'),
  604: step('next tokencode required'),
  605: failed('wrong passcode', RETYPE),
  606: failed('wrong next tokencode', RETYPE),
  607: failed(
    'wrong PIN',
    'Ask the user for the right PIN. If it is forgotten, it can be cleared.',
  ),
  608: failed('token service not available', ADMINISTRATORS),
  611: failed('no answer in time'),
  701: worked('Approve accepted'),
  702: failed('Approve not answered in time', ANSWER_SOONER),
  703: failed('Approve denied on the phone', NOT_THEM),
  707: changed('Approve enrolled'),
  709: failed('Approve canceled'),
  801: worked('biometrics accepted'),
  802: failed('biometrics not answered in time', ANSWER_SOONER),
  803: failed(
    'biometrics not recognized',
    'Ask the user to try again, or to use an OTP from the app.',
  ),
  901: worked('portal sign-in'),
  902: step('portal sign-in failed'),
  905: failed('too many sessions', 'Ask the user to sign out elsewhere first.'),
  906: failed('password reset required', DIRECTORY),
  907: step('signed out'),
  908: step('application opened'),
  909: gotIn('application opened'),
  910: step('application not opened'),
  911: step('additional authentication begun'),
  912: gotIn('additional authentication done'),
  913: step('additional authentication failed'),
  931: step('no further authentication needed'),
  932: failed('the user is disabled', ENABLE),
  934: step('password accepted'),
  935: failed('wrong password', DIRECTORY),
  939: worked('password accepted, which is enough'),
  940: failed('access not allowed by policy', ADMINISTRATORS),
  941: failed('access not allowed by policy', ADMINISTRATORS),
  1501: worked('QR code accepted'),
  1503: failed('QR code denied on the phone', NOT_THEM),
  1513: failed('QR code expired', ANSWER_SOONER),
  1521: worked('QR code accepted'),
  1523: failed('QR code denied on the phone', NOT_THEM),
  3000: changed('device registered'),
  3001: failed('device registration failed', 'Issue a new registration code and try again.'),
  3002: failed(
    'device registration failed: there is one already',
    'The old device has to be deleted first.',
  ),
  20301: step('authentication begun'),
  20302: gotIn('authentication done'),
  20303: step('authentication failed'),
  20400: step('application asked for a sign-in'),
  20401: gotIn('application was told that it worked'),
  20402: step('application was told that it failed'),
  20601: failed('no method that the VPN can use', ADMINISTRATORS),
  20602: UNREGISTERED,
  20606: failed('Approve not answered in time', ANSWER_SOONER),
  20608: failed('biometrics not answered in time', ANSWER_SOONER),
  20610: failed('Approve not answered in time', ANSWER_SOONER),
  20611: failed('biometrics not answered in time', ANSWER_SOONER),
  20612: step('additional authentication begun'),
  20613: step('method chosen'),
  20614: step('OTP chosen'),
  20701: failed('access not allowed by policy', ADMINISTRATORS),
  20702: failed('access not allowed by policy', ADMINISTRATORS),
  20703: failed('access not allowed by policy', ADMINISTRATORS),
  20801: step('SMS sent'),
  20802: failed('SMS not sent: wrong number', NUMBER),
  20803: failed('SMS not sent', NUMBER),
  20805: failed('SMS not delivered', NUMBER),
  20851: step('voice call made'),
  20852: failed('voice call not made: wrong number', NUMBER),
  20853: failed('voice call not made', NUMBER),
  20855: failed('voice call not delivered', NUMBER),
  20900: step('application asked for a sign-in'),
  20901: gotIn('application was told that it worked'),
  20902: step('application was told that it failed'),
  21901: worked('SMS code accepted'),
  21902: failed('wrong SMS code', 'Ask the user for the newest SMS; older codes no longer work.'),
  21903: locked('SMS locked: too many codes'),
  21953: locked('voice locked: too many codes'),
};

/** What an event means; `undefined` if this app does not know its code. */
export const meaningOfEvent = (code: number | undefined): Meaning | undefined =>
  code === undefined ? undefined : MEANINGS[code];

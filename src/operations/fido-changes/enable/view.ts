import {
  type DoneFido,
  done as doneFido,
  refusals as fidoRefusals,
  fidoWords,
} from '../fido-view.ts';

export const words = fidoWords({
  base: 'enable',
  third: 'enables',
  past: 'enabled',
  ing: 'enabling',
  withheld: 'cannot have a FIDO credential enabled',
});

export const title = (name: string) => `Enable a FIDO credential of ${name}`;

export const verify = 'Verify and enable';
export const submit = 'Enable';
export const reasons = 'Key found again, …';
export const warning = 'Anyone who has the key and can unlock it can sign in with it again.';

export const checking = (name: string) =>
  `Checking whether a FIDO credential of ${name} can be enabled`;
export const asking = (name: string) => `Asking SecurID to enable a FIDO credential of ${name}`;
export const silence =
  'If nothing appears within half a minute, look the user’s authenticators up.';

export const approval = `The credential is enabled right away. ${warning}`;
export const waiting =
  'The answer will appear here. If it has not by then, the credential was not enabled.';

export const unknown =
  'SecurID may have enabled the FIDO credential, but no usable answer arrived. `/securid authenticators` shows its status.';

export const ALREADY = 'This FIDO credential is already enabled.';
export const refusals = fidoRefusals(words.none);

export const done = (made: DoneFido) => doneFido(made, 'Enabled');

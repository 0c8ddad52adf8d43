import {
  type DoneFido,
  done as doneFido,
  refusals as fidoRefusals,
  fidoWords,
} from '../fido-view.ts';

export const words = fidoWords({
  base: 'disable',
  third: 'disables',
  past: 'disabled',
  ing: 'disabling',
  withheld: 'cannot have a FIDO credential disabled',
});

export const title = (name: string) => `Disable a FIDO credential of ${name}`;

export const verify = 'Disable the credential';
export const submit = 'Disable';
export const reasons = 'Key lost, stolen, …';
export const warning = 'Nobody can sign in with it until it is enabled again.';

export const checking = (name: string) =>
  `Checking whether a FIDO credential of ${name} can be disabled`;
export const asking = (name: string) => `Asking SecurID to disable a FIDO credential of ${name}`;
export const silence =
  'If nothing appears within half a minute, look the user’s authenticators up.';

export const approval = `The credential is disabled right away. ${warning}`;
export const waiting =
  'The answer will appear here. If it has not by then, the credential was not disabled.';

export const unknown =
  'SecurID may have disabled the FIDO credential, but no usable answer arrived. `/securid authenticators` shows its status.';

export const ALREADY = 'This FIDO credential is already disabled.';
export const refusals = fidoRefusals(words.none);

export const done = (made: DoneFido) => doneFido(made, 'Disabled');

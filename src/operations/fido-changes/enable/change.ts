import { defineChange } from '../../../guard/change/define-change.ts';
import { says } from '../../verb-words.ts';
import { authenticatorsOf, cardOf, FIDO_CHANGE, lookAgainFor, owned } from '../fido-change.ts';
import * as view from './view.ts';
import { ALREADY } from './view.ts';

/** Enables a FIDO credential, such as a security key that was lost and found again. */
export const enableFido = defineChange({
  ...FIDO_CHANGE,
  name: 'fido-enable',
  api: 'PATCH v1/fido/{userId}/authenticators/{authenticatorId}/enable',
  risk: 'restores',
  needsUser: ['enabled', 'not pending deletion'],
  button: 'Enable FIDO credential',
  card: cardOf(({ status }) => (says(status, 'Enabled') ? ALREADY : undefined)),
  perform: ({ securid, ...asked }, options) => securid.fido.enable(owned(asked), options),
  next: ({ key }) => [authenticatorsOf(key)],
  lookAgain: lookAgainFor('Enabled'),
  view,
});

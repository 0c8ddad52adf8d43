import { defineChange } from '../../../guard/change/define-change.ts';
import { emergencyCode } from '../../token-changes/token-change.ts';
import { says } from '../../verb-words.ts';
import { authenticatorsOf, cardOf, FIDO_CHANGE, lookAgainFor, owned } from '../fido-change.ts';
import * as view from './view.ts';
import { ALREADY } from './view.ts';

/** Disables a FIDO credential: nobody can sign in with it until it is enabled. */
export const disableFido = defineChange({
  ...FIDO_CHANGE,
  name: 'fido-disable',
  api: 'PATCH v1/fido/{userId}/authenticators/{authenticatorId}/disable',
  risk: 'protects',
  needsUser: [],
  button: 'Disable FIDO credential',
  card: cardOf(({ status }) => (says(status, 'Disabled') ? ALREADY : undefined)),
  perform: ({ securid, ...asked }, options) => securid.fido.disable(owned(asked), options),
  next: ({ key }) => [emergencyCode(key), authenticatorsOf(key)],
  lookAgain: lookAgainFor('Disabled'),
  view,
});

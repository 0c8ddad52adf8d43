import { z } from 'zod';
import { type Answer, failure, json, nothing, wrongBody } from './answer.ts';
import type { Endpoint, EndpointCall } from './endpoint.ts';
import type { HardwareToken, User } from './records.ts';
import { userById } from './users.ts';

/** https://community.securid.com/s/article/Authenticator-Registration-a642704e */
const MOST_TOKENS = 5;

/** Who changes tokens, as this tenant names it. */
const ADMINISTRATOR = 'SecurID Desk';

const serial = z.string().min(1).max(36);
const Assign = z.strictObject({
  tokenSerialNumber: serial,
  tokenName: z.string().min(1).max(255).optional(),
});
const Serial = z.strictObject({ tokenSerialNumber: serial });
const Ds100 = z.strictObject({ deviceSerialNumber: serial, userId: z.string().min(1) });
const Ds100Pin = z.strictObject({ tokenSerialNumber: serial, userId: z.string().min(1) });

const sidToken = (version: 'v1' | 'v2', name: string, answer: Endpoint['answer']): Endpoint => ({
  method: 'PATCH',
  path: `/${version}/users/{id}/sidTokens/${name}`,
  permission: 'rsa.authenticator.sidtoken.manage',
  answer,
});

const ds100 = (name: string, answer: Endpoint['answer']): Endpoint => ({
  method: 'PATCH',
  path: `/v1/ds100/${name}/otp`,
  permission: 'rsa.authenticator.ds100.manage',
  answer,
});

/** Assign Hardware Token API. */
const assign = sidToken('v1', 'assign', (call) => {
  const { data } = Assign.safeParse(call.body);
  if (!data) return wrongBody;
  const user = userById(call.records, call.id);
  if ('status' in user) return user;
  const token = call.records.tokens.find(isSerial(data.tokenSerialNumber));
  if (!token) return noToken(data.tokenSerialNumber);
  if (token.userId !== null) return conflict('Hardware token is already assigned.');
  if (user.userStatus === 'Disabled') return conflict('User is disabled.');
  if (call.records.tokens.filter(({ userId }) => userId === user.id).length >= MOST_TOKENS) {
    return conflict('User has the maximum number of hardware tokens.');
  }
  Object.assign(token, {
    name: data.tokenName ?? token.tokenSerialNumber,
    userId: user.id,
    tokenState: 'Activation Pending',
    assignedAt: now(call),
    assignedBy: ADMINISTRATOR,
    updatedAt: now(call),
  });
  const { userId, tokenSerialNumber, tokenState, name, assignedAt } = token;
  return told(call, { userId, tokenSerialNumber, tokenState, name, assignedAt });
});

/** Unassign Hardware Token API. */
const unassign = sidToken('v1', 'unassign', (call) =>
  withOwned(call, (token) => {
    Object.assign(token, {
      ...{ name: null, userId: null, registeredDate: null, assignedAt: null, assignedBy: null },
      ...{ tokenState: 'Unassigned', tokenStatus: 'Enabled', pinSet: false },
      ...{ tokenStatusChangedAt: null, tokenStatusChangedBy: null, updatedAt: now(call) },
    });
    const { tokenSerialNumber, tokenState } = token;
    return told(call, { tokenSerialNumber, tokenState });
  }),
);

const setStatus = (call: EndpointCall, token: HardwareToken, status: 'Enabled' | 'Disabled') => {
  if (token.tokenStatus === status && call.traits.repeated === 'conflict') return alreadySo(status);
  Object.assign(token, {
    tokenStatus: status,
    tokenStatusChangedAt: now(call),
    tokenStatusChangedBy: ADMINISTRATOR,
    updatedAt: now(call),
  });
  return undefined;
};

const statusOf = (token: HardwareToken) => {
  const { userId, tokenSerialNumber, tokenStatus } = token;
  const { tokenStatusChangedBy, tokenStatusChangedAt } = token;
  return { userId, tokenSerialNumber, tokenStatus, tokenStatusChangedBy, tokenStatusChangedAt };
};

/** Enable and Disable Hardware Token APIs. */
const withStatus = (name: 'enable' | 'disable', status: 'Enabled' | 'Disabled') =>
  sidToken('v1', name, (call) =>
    withOwned(call, (token) => setStatus(call, token, status) ?? told(call, statusOf(token))),
  );

/** Clear PIN for Hardware Token API. `pinSet` is documented as the text `"false"`. */
const clearPin = sidToken('v2', 'clearPin', (call) =>
  withOwned(call, (token) => {
    if (!token.pinSet && call.traits.repeated === 'conflict') return conflict('PIN is not set.');
    Object.assign(token, { pinSet: false, updatedAt: now(call) });
    const { userId, tokenSerialNumber } = token;
    return told(call, { userId, tokenSerialNumber, pinSet: 'false' });
  }),
);

/** Enable SecurID DS100 OTP Credential API, and disabling by analogy, which RSA does not document. */
const ds100Status = (name: 'enable' | 'disable', status: 'Enabled' | 'Disabled') =>
  ds100(name, (call) => {
    const { data } = Ds100.safeParse(call.body);
    if (!data) return wrongBody;
    const user = userById(call.records, data.userId);
    if ('status' in user) return user;
    const { deviceSerialNumber } = data;
    const found = call.records.tokens.filter(
      (one) => one.deviceSerialNumber === deviceSerialNumber && one.userId === user.id,
    );
    if (found.length === 0) return noToken(deviceSerialNumber);
    const refused = found.map((token) => setStatus(call, token, status));
    const [first] = refused;
    if (first && refused.every((one) => one !== undefined)) return first;
    return told(
      call,
      found.map((token) => ({ ...statusOf(token), deviceSerialNumber })),
    );
  });

/** Clear PIN for RSA DS100 OTP Credential API. */
const ds100ClearPin = ds100('clearPin', (call) => {
  const { data } = Ds100Pin.safeParse(call.body);
  if (!data) return wrongBody;
  const user = userById(call.records, data.userId);
  if ('status' in user) return user;
  const token = call.records.tokens.find(isSerial(data.tokenSerialNumber));
  if (!token?.deviceSerialNumber || token.userId !== user.id) {
    return noToken(data.tokenSerialNumber);
  }
  if (!token.pinSet && call.traits.repeated === 'conflict') return conflict('PIN is not set.');
  Object.assign(token, { pinSet: false, updatedAt: now(call) });
  return told(call, { tokenSerialNumber: token.tokenSerialNumber, pinSet: false });
});

export const tokenChanges: Endpoint[] = [
  assign,
  unassign,
  withStatus('enable', 'Enabled'),
  withStatus('disable', 'Disabled'),
  clearPin,
  ds100Status('enable', 'Enabled'),
  ds100Status('disable', 'Disabled'),
  ds100ClearPin,
];

/** The token of the user in the path. A DS100 has APIs of its own. */
function withOwned(call: EndpointCall, then: (token: HardwareToken, user: User) => Answer): Answer {
  const { data } = Serial.safeParse(call.body);
  if (!data) return wrongBody;
  const user = userById(call.records, call.id);
  if ('status' in user) return user;
  const token = call.records.tokens.find(isSerial(data.tokenSerialNumber));
  if (!token || token.deviceSerialNumber) return noToken(data.tokenSerialNumber);
  if (token.userId !== user.id) {
    if (call.traits.tokenOfAnother === 'conflict') {
      return conflict('Hardware token is not assigned to the user.');
    }
    return failure(404, `Hardware token ${token.tokenSerialNumber} of user ${user.id} not found`);
  }
  return then(token, user);
}

const isSerial = (wanted: string) => (token: HardwareToken) => token.tokenSerialNumber === wanted;
const now = ({ clock }: EndpointCall) => new Date(clock.now()).toISOString();

function told({ traits }: EndpointCall, body: unknown): Answer {
  if (traits.changeAnswer === 'state') return json(200, body);
  return nothing(traits.changeAnswer === 'no content' ? 204 : 200);
}

const noToken = (wanted: string) =>
  failure(404, `Hardware token with serial number ${wanted} not found`);
const conflict = (why: string) => failure(409, why);
const alreadySo = (status: string) =>
  conflict(`Hardware token is already ${status.toLowerCase()}.`);

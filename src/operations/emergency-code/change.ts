import { z } from 'zod';
import { defineChange } from '../../guard/change/define-change.ts';
import { DAY, HOUR } from '../../guard/limits/limit.ts';
import * as view from './view.ts';
import { card, issued, stateNow } from './view.ts';

const codes = (count: number) => (count === 1 ? 'one emergency code' : `${count} emergency codes`);

/** RSA allows seven days at most; a day more, for clocks that differ. */
const LONGEST_LIFETIME = 8 * DAY;

/**
 * `/securid emergency <who>`: a code with which the user signs in once without their authenticator.
 * @param hours how long it is valid, 1 to 168
 */
export const emergencyCode = (hours: number) =>
  defineChange({
    name: 'emergency',
    api: 'PUT v2/users/{userId}/emergencyTokencode',
    scope: 'rsa.authenticator.emergency.manage',
    risk: 'grants',
    needsUser: ['enabled', 'not pending deletion'],
    args: '',
    example: '/securid emergency jane@example.com',
    summary: 'a code to sign in once without the phone or the token',
    button: 'Emergency code',
    task: 'Issue an emergency code',

    input: z.object({ hours: z.string().regex(/^\d{1,3}$/) }),
    fields: [],
    facts: ({ hours: asked = '' }) => issued(asked),
    settle: (_, asked) => ({ hours: asked?.hours ?? String(hours) }),

    limits: [
      {
        rule: 'emergency codes per agent and hour',
        meaning: 'the agent has reached the hourly limit of emergency codes',
        per: 'agent',
        key: 'emergency codes per agent',
        most: ({ codesPerAgentHour }) => codesPerAgentHour,
        period: HOUR,
        sentence: (most, who) => `${who} issued ${codes(most)} within an hour.`,
      },
      {
        rule: 'emergency codes per user and day',
        meaning: 'the user has reached the daily limit of emergency codes',
        per: 'user',
        key: 'emergency codes per user',
        most: ({ codesPerUserDay }) => codesPerUserDay,
        period: DAY,
        sentence: (most) => `This user has had ${codes(most)} within a day.`,
      },
    ],

    card: async (_, { user, input }) => card(user, input.hours),
    perform: ({ securid, user, input }, options) =>
      securid.emergencyAccess.enable(user.id, Number(input.hours), options),
    present: ({ expirationDate }) => ({ expiresAt: expirationDate, longest: LONGEST_LIFETIME }),
    next: ({ key }) => [
      { label: 'End emergency access', operation: 'end-emergency', input: { who: key } },
    ],
    async explain({ securid }, { reason, key, userId }, call) {
      if (reason !== 'ALREADY_SO') return [];
      const options = { ...call.securid, fresh: true };
      const found = await securid.users.find(key, options).catch(() => undefined);
      return found?.id === userId ? stateNow(found) : [];
    },
    view,
  });

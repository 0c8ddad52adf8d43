import { describe, expect, it } from 'vitest';
import { user } from '../../src/playground/tenant-records.ts';
import { failureOf, openClient, people } from './support.ts';

const SEARCH = 'POST /v2/users/search';

describe('users.search', () => {
  it('asks for the first 25, by a part of the address', async () => {
    const { securid, tenant } = await openClient();

    const { users, total } = await securid.users.search('ACE@acme');

    expect(users.map(({ emailAddress }) => emailAddress)).toEqual(['grace@acme.test']);
    expect(total).toBe(1);
    expect(tenant.requests).toMatchObject([
      {
        route: SEARCH,
        path: '/AdminInterface/restapi/v2/users/search?pageSize=25&pageNumber=0',
        body: { emailLike: 'ACE@acme' },
      },
    ]);
  });

  it.each([
    ['array', 24, 24],
    ['array', 25, undefined],
    ['array', 26, undefined],
    ['envelope', 25, 25],
    ['envelope', 26, 26],
    ['envelope', 0, 0],
  ] as const)('reads an %s of %i people', async (searchAnswer, count, total) => {
    const { securid, tenant } = await openClient({ records: { users: people(count) } });
    tenant.traits.searchAnswer = searchAnswer;

    const found = await securid.users.search('person');

    expect(found.users).toHaveLength(Math.min(count, 25));
    expect(found.total).toBe(total);
  });

  it.each([
    ['nothing in the envelope', { totalPages: 0, totalElements: 0, elements: null }, 0, 0],
    ['a total as text', { totalElements: '31', elements: [user({ emailAddress: 'a@b' })] }, 1, 31],
    ['no total', { elements: [user({ emailAddress: 'a@b' })] }, 1, 1],
  ])('accepts %s', async (_, body, count, total) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body });
    const found = await securid.users.search('person');
    expect([found.users.length, found.total]).toEqual([count, total]);
  });

  it.each([
    [[{ emailAddress: 'no id' }]],
    ['text'],
    [{ elements: [{}] }],
    [{}],
    [{ users: [user({ emailAddress: 'a@b' })], totalElements: 1 }],
    [{ totalElements: 3, elements: null }],
  ])('takes %j for no answer', async (body) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body });
    expect(await failureOf(securid.users.search('person'))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
    });
  });

  it('is a look-up like others: shared, and tried again', async () => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 502 });
    await Promise.all([securid.users.search('gra'), securid.users.search('gra')]);
    expect(tenant.calls()).toEqual([SEARCH, SEARCH]);
  });
});

import { z } from 'zod';
import { json, wrongBody } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import { synchronized } from './synchronize.ts';
import { userById } from './users.ts';

const MOST = 25;
const Search = z.strictObject({ emailLike: z.string().min(1) });
const Page = z.object({
  pageSize: z.coerce.number().int().min(1).max(MOST).default(MOST),
  pageNumber: z.coerce.number().int().min(0).default(0),
});

/** User Search API v2. Knows only synchronized users. */
export const userSearch: Endpoint = {
  method: 'POST',
  path: '/v2/users/search',
  permission: 'rsa.user.read',
  answer({ records, traits, query, body }) {
    const { data } = Search.safeParse(body);
    const { data: page } = Page.safeParse(Object.fromEntries(query));
    if (!data || !page) return wrongBody;
    const { pageSize, pageNumber } = page;
    const part = data.emailLike.toLowerCase();
    const found = records.users
      .filter(({ emailAddress }) => emailAddress.toLowerCase().includes(part))
      .sort((one, other) => (one.emailAddress < other.emailAddress ? -1 : 1));
    const elements = found.slice(pageNumber * pageSize, (pageNumber + 1) * pageSize);
    if (traits.searchAnswer === 'array') return json(200, elements);
    const totalPages = Math.ceil(found.length / pageSize);
    return json(200, { totalPages, totalElements: found.length, elements });
  },
};

/** Synchronize User API. Without a body, but `Content-Length: 0` must be there. */
export const synchronizeUser: Endpoint = {
  method: 'POST',
  path: '/v1/users/{id}/sync',
  permission: 'rsa.user.sync',
  answer({ clock, records, id, contentLength }) {
    if (contentLength !== '0') return wrongBody;
    const user = userById(records, id);
    if ('status' in user) return user;
    return json(200, synchronized(records, user, clock.now()));
  },
};

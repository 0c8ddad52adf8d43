import { failure, json } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import type { LogEvent } from './records.ts';
import { userById } from './users.ts';

/** RSA's page: the newest 100, without pages. */
const MOST = 100;

/** Retrieve Authentication Audit Logs API. */
export const authenticationLogs: Endpoint = {
  method: 'GET',
  path: '/v1/users/{id}/authlogs/',
  permission: 'rsa.audit.user',
  answer({ records, id, query }) {
    const code = query.get('eventCode');
    if (code !== null && !/^\d+$/.test(code)) return failure(400, 'eventCode is not an Integer.');
    // A `+` that is not encoded arrives as a blank, and RSA refuses the date.
    const [after, until] = ['startTimeAfter', 'endTimeOnOrBefore'].map((name) => {
      const written = query.get(name);
      return written === null ? undefined : Date.parse(written.replace(/ /g, '?'));
    });
    if (Number.isNaN(after) || Number.isNaN(until)) return failure(400, 'Date is not valid.');
    const user = userById(records, id);
    if ('status' in user) return user;

    const isAsked = (event: LogEvent) => {
      const at = Date.parse(event.eventLogDate);
      return (
        event.userId === user.id &&
        (code === null || event.eventCode === Number(code)) &&
        (after === undefined || at > after) &&
        (until === undefined || at <= until)
      );
    };
    const events = (records.authLogs ?? []).filter(isAsked);
    const newestFirst = events.toSorted(
      (a, b) => Date.parse(b.eventLogDate) - Date.parse(a.eventLogDate),
    );
    return json(200, newestFirst.slice(0, MOST));
  },
};

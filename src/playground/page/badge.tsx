import type { Unread } from './unread.ts';

/** What is unread: a number for messages to this person, a dot for others. */
export function Badge({ unread: { any, forThem } }: { unread: Unread }) {
  if (!any) return null;
  return forThem > 0 ? (
    <span className="badge">
      {forThem} <span className="unseen">new</span>
    </span>
  ) : (
    <span className="badge dot">
      <span className="unseen">unread</span>
    </span>
  );
}

import type { Unread } from './unread.ts';

/** How much is new: a number for what is meant for somebody, a dot for the rest. */
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

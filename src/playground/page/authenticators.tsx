import type { TenantState } from '../page-protocol.ts';

/** The tenant's hardware tokens and FIDO credentials, with their state. */
export function Authenticators({ tenant }: { tenant: TenantState }) {
  const { users, tokens, fidoTokens } = tenant;
  const emailOf = (wanted: string) =>
    users.find(({ id }) => id === wanted)?.emailAddress ?? 'somebody else';

  return (
    <>
      <details>
        <summary>{tokens.length} hardware tokens</summary>
        <ul>
          {tokens.map(
            ({ tokenSerialNumber, tokenState, tokenStatus, userId, pinSet, expiryDate }) => (
              <li key={tokenSerialNumber}>
                <code>{tokenSerialNumber}</code> {tokenState.toLowerCase()}
                {tokenStatus === 'Disabled' && ', disabled'}
                {userId && `, of ${emailOf(userId)}`}
                {tokenState === 'Activated' && !pinSet && ', no PIN'}
                {expiryDate && `, until ${expiryDate.slice(0, 10)}`}
              </li>
            ),
          )}
        </ul>
      </details>
      <details>
        <summary>{fidoTokens.length} FIDO credentials</summary>
        <ul>
          {fidoTokens.map(({ id, name, userId, status }) => (
            <li key={id}>
              <code>{emailOf(userId)}</code> {name}, {status.toLowerCase()}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

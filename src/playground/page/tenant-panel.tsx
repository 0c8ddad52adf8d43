import { useEffect, useState } from 'react';
import { TENANT_MODES, type TenantMode, type TenantState } from '../page-protocol.ts';
import { userState } from '../user-state.ts';
import { setMode } from './connection.ts';

/** The SecurID tenant: its users, and how it behaves. */
export function TenantPanel({ tenant: { mode, users, tokens } }: { tenant: TenantState }) {
  // Shown at once; the tenant confirms it later.
  const [chosen, setChosen] = useState<TenantMode>(mode);
  useEffect(() => setChosen(mode), [mode]);

  async function choose(next: TenantMode): Promise<void> {
    setChosen(next);
    const { problem } = await setMode(next);
    if (problem) setChosen(mode);
  }

  return (
    <section className="tenant" aria-labelledby="tenant">
      <h2 id="tenant">The tenant</h2>
      <fieldset>
        <legend>It …</legend>
        {Object.entries(TENANT_MODES).map(([name, label]) => (
          <label key={name}>
            <input
              type="radio"
              name="mode"
              checked={chosen === name}
              onChange={() => choose(name as TenantMode)}
            />
            {label}
          </label>
        ))}
      </fieldset>
      <details open>
        <summary>{users.length} people</summary>
        <ul>
          {users.map((user) => (
            <li key={user.id}>
              <code>{user.emailAddress}</code> {userState(user).join(', ')}
            </li>
          ))}
        </ul>
      </details>
      <details>
        <summary>{tokens.length} hardware tokens</summary>
        <ul>
          {tokens.map(({ tokenSerialNumber, tokenState, tokenStatus, expiryDate }) => (
            <li key={tokenSerialNumber}>
              <code>{tokenSerialNumber}</code> {tokenState.toLowerCase()}
              {tokenStatus === 'Disabled' && ', disabled'}
              {expiryDate && `, until ${expiryDate.slice(0, 10)}`}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

import { useEffect, useState } from 'react';
import { TENANT_MODES, type TenantMode, type TenantState } from '../page-protocol.ts';
import { userState } from '../user-state.ts';
import { Authenticators } from './authenticators.tsx';
import { setMode } from './connection.ts';

/** The SecurID tenant: its users, and how it behaves. */
export function TenantPanel({ tenant }: { tenant: TenantState }) {
  const { mode, users, devices } = tenant;
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
              <code>{user.emailAddress}</code> {userState(user, devices).join(', ')}
            </li>
          ))}
        </ul>
      </details>
      <Authenticators tenant={tenant} />
    </section>
  );
}

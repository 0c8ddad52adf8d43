import { systemClock } from '../../src/clock.ts';
import { createKeepAliveFetch } from '../../src/http/fetch.ts';
import { createSecurID, readApiKey } from '../../src/securid/index.ts';
import { answerParent } from '../remote.ts';
import type { TenantAddress } from '../stand-ins/main.ts';
import { drive, type Span } from './drive.ts';
import { type Api, createAsk, type Strategy } from './strategies.ts';

/** The process of the clients, without Slack in front of them. */
const functions = {
  drive: ({ strategy, api, span }: { strategy: Strategy; api: Api; span: Span }) =>
    drive(createAsk(strategy, api), span),

  /** Makes the same look-up that many times at once. */
  async askTheSame({ tenant, times }: { tenant: TenantAddress; times: number }) {
    const { users } = createSecurID({
      credentials: { apiKey: readApiKey(JSON.stringify(tenant.apiKey)) },
      fetch: createKeepAliveFetch(),
      clock: systemClock,
    });
    const one = () => users.find({ email: 'grace@acme.test' });
    await Promise.all(Array.from({ length: times }, one));
  },
};

export type Clients = typeof functions;

answerParent(functions);

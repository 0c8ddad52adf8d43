import { describe, expect, it } from 'vitest';
import type { Traits } from '../../src/playground/tenant/index.ts';
import { openHelpDesk } from '../support/help-desk.ts';
import { verify } from '../support/verification.ts';

describe('a tenant', () => {
  it.each<[string, Partial<Traits>]>([
    ['that compares the host of an audience', { audience: 'its host' }],
    ['that compresses what it may', { gzip: 'if accepted' }],
    ['whose gateway compresses whatever it may', { gzip: 'always' }],
  ])('%s is read like any other', async (_, traits) => {
    for (const credential of ['api key', 'oauth rsa'] as const) {
      const { agent, screen } = await openHelpDesk({ traits, credential });

      expect(screen(await agent.asks('/securid user grace@acme.test'))).toContain(
        'User name: gokafor',
      );
    }
  });

  it.each(['companyID', 'companyId'] as const)('may call its company %s', async (companyIdAs) => {
    const { agent, screen } = await openHelpDesk({ traits: { companyIdAs } });
    const card = await agent.asks('/securid code alan@acme.test ios');

    const press = await verify(agent, card);

    await press.answer();
    expect(screen(await press.answer())).toContain('Company ID: acme');
  });

  it.each(['page', 'kong', 'spring'] as const)(
    'without Version 2 of the license usage shows that of Version 1, if its gateway answers with a %s',
    async (gateway) => {
      const { manager, screen, tenant } = await openHelpDesk({
        traits: { gateway, unrouted: ['GET /v2/licenseusage'] },
      });

      expect(screen(await manager.asks('/securid license'))).toContain('1,137 MFA licenses used');
      expect(tenant.calls()).toEqual(['GET /v2/licenseusage', 'GET /v1/licenseusage']);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { unreadIn } from '../../src/config/unread.ts';

const namesIn = (...names: string[]) =>
  unreadIn(Object.fromEntries(names.map((name) => [name, 'x'])));

describe('what is set and not read', () => {
  it.each([
    ['SECURID_PROTECTD', 'SECURID_PROTECTED'],
    ['SECURID_AGENT', 'SECURID_AGENTS'],
    ['securid_agents', 'SECURID_AGENTS'],
    ['SERCURID_AGENTS', 'SECURID_AGENTS'],
    ['SLACK_BOT_TOKN', 'SLACK_BOT_TOKEN'],
    ['SLACK_BOT_TOKEN_FLIE', 'SLACK_BOT_TOKEN_FILE'],
    ['AUDIT-FILE', 'AUDIT_FILE'],
  ])('may have a slip in its name: %s', (name, meant) => {
    expect(namesIn(name)).toEqual([{ name, meant }]);
  });

  it.each(['SECURID_PROTECTED_USERS', 'SECURID_AGENTS_FILE', 'SECURID_APPROVER_GROUP'])(
    'may have a name that no setting has: %s',
    (name) => {
      expect(namesIn(name)).toEqual([{ name, meant: undefined }]);
    },
  );

  it('does not guess about other variables', () => {
    expect(namesIn('SECURID_AGENT', 'SECURID_AGENTS')).toEqual([
      { name: 'SECURID_AGENT', meant: undefined },
    ]);
  });

  it('is not what is read, what is empty, or what others set', () => {
    const others = ['PATH', 'HOSTNAME', 'SLACK_WEBHOOK_URL', 'PORTS', 'AUDITD', 'OPS_HOST'];
    const proxies = ['https_proxy', 'no_proxy', 'ALL_PROXY', 'all_proxy', 'FTP_PROXY'];
    const service = 'SECURID_DESK';
    const links = ['SERVICE_HOST', 'SERVICE_PORT', 'SERVICE_PORT_OPS', 'PORT', 'PORT_80_TCP_ADDR'];
    expect(
      namesIn('SECURID_AGENTS', ...others, ...proxies, ...links.map((end) => `${service}_${end}`)),
    ).toEqual([]);
    expect(unreadIn({ SECURID_AGENT: ' ' })).toEqual([]);
  });
});

type Place = { host: string; port: number };

/** How long to wait, in milliseconds; it is on this machine. */
const TIMEOUT = 1000;

const ANYWHERE = new Set(['0.0.0.0', '::']);

/** Whether an instance of this app serves its probes there. Asked once. */
export function createProbe({ host, port }: Place, fetch: typeof globalThis.fetch) {
  const where = ANYWHERE.has(host) ? '127.0.0.1' : host;
  const address = where.includes(':') ? `[${where}]` : where;
  let asked: Promise<boolean> | undefined;

  async function ask(): Promise<boolean> {
    if (port === 0) return false;
    try {
      const answer = await fetch(`http://${address}:${port}/healthz`, {
        signal: AbortSignal.timeout(TIMEOUT),
      });
      return (await answer.text()) === 'ok\n';
    } catch {
      return false;
    }
  }

  return (): Promise<boolean> => {
    asked ??= ask();
    return asked;
  };
}

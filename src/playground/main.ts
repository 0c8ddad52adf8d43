import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PortTaken, startPageServer } from './page-server.ts';
import { createStage } from './stage.ts';
import { startPlayground } from './start.ts';
import { runTerminal } from './terminal.ts';

const USAGE = `npm run playground                   a page in the browser
npm run playground -- --port 4400    the same on another port
npm run playground -- --terminal     a prompt in this terminal`;

const PORT = 4390;

async function main(): Promise<number> {
  const options = readOptions();
  if (!options) {
    console.error(USAGE);
    return 2;
  }
  const playground = await startPlayground();
  if (options.terminal) {
    await runTerminal(playground, { input: process.stdin, output: process.stdout });
    await playground.stop();
    return 0;
  }

  try {
    const files = fileURLToPath(new URL('page', import.meta.url));
    const page = await startPageServer(createStage(playground), files, options.port);
    console.log(`SecurID Desk, between a Slack workspace and a SecurID tenant in memory:

  ${page.url}

Ctrl-C ends it.`);
    await new Promise((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
    console.log('Commands that are under way get ten seconds. Ctrl-C again does not wait.');
    await page.stop();
    return 0;
  } catch (error) {
    if (!(error instanceof PortTaken)) throw error;
    console.error(error.message);
    return 1;
  } finally {
    await playground.stop();
  }
}

function readOptions(): { terminal: boolean; port: number } | undefined {
  try {
    const { values } = parseArgs({
      options: { terminal: { type: 'boolean', default: false }, port: { type: 'string' } },
    });
    const port = Number(values.port ?? PORT);
    const isPort = Number.isInteger(port) && port >= 0 && port <= 65535;
    return isPort ? { terminal: values.terminal, port } : undefined;
  } catch {
    return undefined;
  }
}

// Exits at once: connections kept open for another command are of no use.
process.exit(await main());

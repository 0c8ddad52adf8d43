/** The container's health check: asks /healthz, and ends with 0 or 1. A distroless image has no curl. */
import { Agent, get } from 'node:http';

/** Without quotes, which Docker passes on (https://github.com/docker/cli/issues/3630), brackets and what cannot be seen. */
const bare = (text = '') => text.replace(/^[^\w:]+|[^\w.:]+$/g, '');

const host = bare(process.env.OPS_HOST) || '127.0.0.1';
const port = bare(process.env.OPS_PORT) || '9090';

const end = (isHealthy) => process.exit(isHealthy ? 0 : 1);

// For a port that is none.
process.on('uncaughtException', () => end(false));

// Less than the Dockerfile's --timeout. An agent of its own goes through no proxy.
const options = { agent: new Agent(), signal: AbortSignal.timeout(4000) };
get({ host, port, path: '/healthz', ...options })
  .on('response', ({ statusCode }) => end(statusCode === 200))
  .on('error', () => end(false));

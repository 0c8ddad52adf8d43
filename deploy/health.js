/** The container's health check: asks /healthz, and ends with 0 or 1. A distroless image has no curl. */
import { Agent, get } from 'node:http';

/** Docker passes quotes on: https://github.com/docker/cli/issues/3630 */
const bare = (text = '') => text.replace(/^[\s"']+|[\s"']+$/g, '');

const host = bare(process.env.OPS_HOST) || '127.0.0.1';
const port = bare(process.env.OPS_PORT) || '9090';

// An agent of its own goes through no proxy.
const request = get({ host, port, path: '/healthz', agent: new Agent(), timeout: 4000 });
request.on('response', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1));
request.on('timeout', () => process.exit(1));
request.on('error', () => process.exit(1));

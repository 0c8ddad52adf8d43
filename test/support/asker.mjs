/** A process that keeps asking: only the client and its store, as built. Prints the results. */
const { DIST, REDIS_URL, API_KEY, NAME, ASKERS, PACE } = process.env;
const { createSecurID, readApiKey } = await import(`${DIST}/securid/index.js`);
const { createRedisStore } = await import(`${DIST}/store/index.js`);
const { systemClock: clock } = await import(`${DIST}/clock.js`);
const { createKeepAliveFetch } = await import(`${DIST}/http/fetch.js`);
const { createLog } = await import(`${DIST}/log.js`);

const store = createRedisStore({
  url: REDIS_URL,
  secret: 'asker-secret',
  log: createLog('silent'),
});
const securid = createSecurID({
  credentials: { apiKey: readApiKey(API_KEY) },
  fetch: createKeepAliveFetch(),
  clock,
  pace: JSON.parse(PACE),
  bucket: store.bucket('securid'),
});

let asked = 0;
let answered = 0;
let failed = 0;
let asking = true;

async function ask() {
  while (asking) {
    asked += 1;
    await securid.users.find({ email: `${NAME}${asked}@acme.test` }).then(
      () => {
        answered += 1;
      },
      (error) => {
        failed += 1;
        process.stdout.write(`${error.stack}\n`);
      },
    );
  }
}

process.stdout.write('asking\n');
process.once('SIGTERM', () => {
  asking = false;
});
await Promise.all(Array.from({ length: Number(ASKERS) }, ask));
process.stdout.write(`answered ${answered}, failed ${failed};\n`);
process.exit(0);

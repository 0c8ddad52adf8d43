import { run, standIns } from '../../support/process.ts';
import { printedText, type Stories } from '../support/stories.ts';

/** It does not start. */
export const starting: Stories = {
  'the-configuration-has-problems': {
    async 'nothing is set'() {
      const bot = run({});
      await bot.ended();
      return printedText(bot.printed());
    },
  },

  'another-program-listens-there': {
    async 'the port is taken'() {
      const { env } = await standIns();
      const first = run(env);
      const second = run({ ...env, PORT: String(await first.port()) });
      await second.ended();
      return printedText(second.printed());
    },
    async 'the port of probes and metrics is taken'() {
      const { env } = await standIns();
      const first = run(env);
      const second = run({ ...env, OPS_PORT: await first.says('"opsPort":(\\d+)') });
      await second.ended();
      return printedText(second.printed());
    },
  },
};

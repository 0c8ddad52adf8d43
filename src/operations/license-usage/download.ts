import type { PressListener } from '../../desk/operation.ts';
import type { Services } from '../services.ts';
import { csv } from './csv.ts';
import * as view from './view.ts';

/** *Download CSV*: sends the current figures as a file, by direct message to the person who pressed. */
export const download = ({ licenses, clock, slack: { channels } }: Services): PressListener => ({
  role: 'manager',
  async handle(press) {
    const { userId, audit, reply } = press;
    void audit.note('look-up');
    const months = await licenses.months(press.securid);
    // Uploading a file takes the conversation's id, and a message opens the conversation.
    const above = await channels.post(userId, view.csvFollows(), {
      patience: Math.max(press.securid.until - clock.elapsed(), 0),
    });
    const today = new Date(clock.now()).toISOString().slice(0, 10);
    const name = `securid-licenses-${today}.csv`;
    try {
      await channels.upload(above.channel, { name, title: 'License summary', text: csv(months) });
    } catch (error) {
      await channels.update(above, view.csvFailed()).catch(() => {});
      throw error;
    }
    await reply(view.csvSent());
  },
});

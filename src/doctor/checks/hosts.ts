import { slackUseOf } from '../../config/slack-use.ts';
import { type Check, ok } from '../finding.ts';
import { inSlack } from '../slack-trouble.ts';
import { isThere } from './slack.ts';

/** Where answers to commands and files go, which a firewall or a proxy may not let through. */
export const hosts: Check = {
  area: 'Slack',
  name: 'other hosts of Slack',
  async run({ slack, config, changes, reach }) {
    if (slack?.host !== 'slack.com' || !(await isThere(slack))) return [];
    const { uploads } = slackUseOf(config, changes);
    const others = ['hooks.slack.com', ...(uploads ? ['files.slack.com'] : [])];
    return Promise.all(
      others.map((host) =>
        reach(`https://${host}`).then(
          () => ok(host, 'can be reached'),
          (error: unknown) => inSlack(host, error, host),
        ),
      ),
    );
  },
};

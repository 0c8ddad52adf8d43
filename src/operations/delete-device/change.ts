import { z } from 'zod';
import { deviceChoices } from '../../desk/device-words.ts';
import { deletableDevices } from '../../desk/devices.ts';
import { followUp, rowOf } from '../../desk/follow-up.ts';
import { defineChange } from '../../guard/change/define-change.ts';
import { ChosenDevice, DEVICE, deleting } from './deleting.ts';
import * as view from './view.ts';
import { card } from './view.ts';

/** What a device is usually deleted for. */
const CODE = { label: 'Registration code', operation: 'code' };

/** `/securid delete <who>`: deletes one registered device. */
export const deleteDevice = defineChange({
  name: 'delete',
  risk: 'grants',
  needsUser: [],
  args: '',
  example: '/securid delete jane@example.com',
  summary: "deletes one of a user's registered devices",
  button: 'Delete a device',
  task: 'Delete a registered device',

  input: z.object({ device: ChosenDevice }),
  fields: [DEVICE],

  suits: (_, authenticators) =>
    authenticators?.devices.some(({ browser }) => !browser) === false ? undefined : 'possible',
  async card(services, { user }, { securid }) {
    const found = await deletableDevices(services, user.id, securid);
    return { ...card(found), options: { device: deviceChoices(found) } };
  },

  ...deleting,
  async explain(services, refused, call) {
    const now = await deleting.explain(services, refused, call);
    if (!services.changes.on.some(({ name }) => name === CODE.operation)) return now;
    const { label, operation } = CODE;
    const code = { operation, input: { who: refused.key } };
    return [...now, ...rowOf(await followUp(services.slack.seal, label, code))];
  },
  next: ({ key }) => [{ ...CODE, input: { who: key } }],
  view,
});

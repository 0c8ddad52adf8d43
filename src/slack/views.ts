import type { types, webApi } from '@slack/bolt';

export type Views = {
  /** Opens a modal; the trigger lives three seconds and is used once. Returns the view's id. */
  open(triggerId: string, view: types.ModalView): Promise<string>;
  update(viewId: string, view: types.ModalView): Promise<void>;
};

/** @param client one that does not try again for long: the trigger would be gone */
export function createViews(client: webApi.WebClient): Views {
  return {
    async open(triggerId, view) {
      const opened = await client.views.open({ trigger_id: triggerId, view });
      return opened.view?.id ?? '';
    },
    async update(viewId, view) {
      await client.views.update({ view_id: viewId, view });
    },
  };
}

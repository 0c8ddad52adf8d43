import type { types } from '@slack/bolt';
import type { Block, Message } from '../slack/blocks.ts';

/** The app's own modal, without a form. */
export const modal = (blocks: types.KnownBlock[]): types.ModalView => ({
  type: 'modal',
  title: { type: 'plain_text', text: 'SecurID Desk' },
  close: { type: 'plain_text', text: 'Close' },
  blocks,
});

/** A message in place of the form. */
export const notice = ({ blocks }: Message) => modal(blocks.filter(isForModals));

/** Charts are for messages only. */
const isForModals = (block: Block): block is types.KnownBlock =>
  block.type !== 'data_visualization';

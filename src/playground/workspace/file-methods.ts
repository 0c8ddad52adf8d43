import { createDestinations } from './destinations.ts';
import type { Floor, Method, Params } from './floor.ts';
import type { UploadedFile } from './types.ts';

/** Unlike elsewhere, a user id is not accepted: https://github.com/slackapi/bolt-js/issues/2115 */
const CHANNEL = /^[CGDZ][A-Z0-9]*$/;

/** files.*: https://docs.slack.dev/reference/methods/files.completeUploadExternal */
export function fileMethods(floor: Floor): Record<string, Method> {
  const { messages, contents, uploads } = floor;
  const { channelOf } = createDestinations(floor);

  /** Blocks are ignored if there is a comment. */
  const contentOf = ({ initial_comment, blocks }: Params) => {
    if (initial_comment) return contents.read({ text: initial_comment });
    if (blocks) return contents.read({ blocks });
    return { text: '', blocks: [] };
  };

  return {
    'files.getUploadURLExternal': ({ filename, length }) => {
      const bytes = Number(length ?? 0);
      if (!filename || bytes === 0) return { error: 'missing_argument' };
      if (!Number.isInteger(bytes) || bytes < 0) return invalid('length: must be an integer');
      return uploads.begin(String(filename), bytes);
    },

    'files.completeUploadExternal': (params) => {
      const { files, channel_id } = params;
      if (!isList(files)) return invalid('files: must be an array of files');
      const found = files.map(({ id, title }) => {
        const file = uploads.find(id);
        return file && { ...file, title: title ?? file.name };
      });
      const complete = found.filter((file): file is UploadedFile => file !== undefined);
      if (complete.length < files.length) return { error: 'file_not_found' };

      if (channel_id !== undefined) {
        if (!CHANNEL.test(String(channel_id))) return invalid('channel_id: not a channel');
        const channel = channelOf(channel_id);
        if (typeof channel === 'string') return { error: channel };
        const content = contentOf(params);
        if ('error' in content) return { error: content.error };
        messages.post({ channel: channel.id, ...content, files: complete });
      }
      for (const { id } of complete) uploads.finish(id);
      return { files: complete.map(({ id, title }) => ({ id, title })) };
    },
  };
}

const isList = (files: unknown): files is { id: string; title?: string }[] =>
  Array.isArray(files) && files.length > 0 && files.every((one) => typeof one?.id === 'string');

const invalid = (message: string) => ({
  error: 'invalid_arguments',
  response_metadata: { messages: [`[ERROR] ${message}`] },
});

import type { Reply } from './response-urls.ts';
import type { UploadedFile } from './types.ts';

type Upload = { name: string; length: number; content?: string };

/** https://docs.slack.dev/reference/methods/files.getUploadURLExternal */
export function createUploads(base: () => string) {
  const begun = new Map<string, Upload>();
  let count = 0;

  return {
    begin(name: string, length: number): { upload_url: string; file_id: string } {
      count += 1;
      const file_id = `F${String(count).padStart(9, '0')}`;
      begun.set(file_id, { name, length });
      return { upload_url: `${base()}/upload/${file_id}`, file_id };
    },

    async receive(path: string, contentType: string, body: Buffer): Promise<Reply> {
      const upload = begun.get(path.slice('/upload/'.length));
      if (!upload) return { status: 404, body: 'not found' };
      const sent = contentType.startsWith('multipart/form-data')
        ? await fileIn(contentType, body)
        : body;
      if (sent?.length !== upload.length) return { status: 400, body: 'wrong length' };
      upload.content = sent.toString('utf8');
      return { status: 200, body: `OK - ${sent.length}` };
    },

    find(id: string): Omit<UploadedFile, 'title'> | undefined {
      const { name, content } = begun.get(id) ?? {};
      return name === undefined || content === undefined ? undefined : { id, name, content };
    },

    finish(id: string): void {
      begun.delete(id);
    },
  };
}

export type Uploads = ReturnType<typeof createUploads>;

async function fileIn(contentType: string, body: Buffer): Promise<Buffer | undefined> {
  const headers = { 'content-type': contentType };
  const form = await new Response(new Uint8Array(body), { headers })
    .formData()
    .catch(() => undefined);
  const file = [...(form?.values() ?? [])].find((value) => typeof value !== 'string');
  return file && Buffer.from(await file.arrayBuffer());
}

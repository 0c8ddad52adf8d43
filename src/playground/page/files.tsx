import type { UploadedFile } from '../workspace/index.ts';

/** A message's files, to open or save. */
export function Files({ files }: { files: UploadedFile[] }) {
  return (
    <ul className="files" aria-label="Files">
      {files.map(({ id, name, title, content }) => (
        <li key={id}>
          <a href={`data:text/csv;charset=utf-8,${encodeURIComponent(content)}`} download={name}>
            <strong>{title}</strong> <span>{name}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

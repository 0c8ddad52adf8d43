import { Document, isMap, isScalar } from 'yaml';
import type { Manifest } from './app-manifest.ts';

/** What the names in it do not tell, by the key that it stands above. */
const COMMENTS: [path: string[], key: string, text: string][] = [
  [
    ['features', 'app_home'],
    'messages_tab_enabled',
    'Here, people read what was changed for them.',
  ],
  [
    ['features', 'slash_commands', '0'],
    'should_escape',
    'Slack then sends mentions as user ids, which cannot be mistaken for somebody else.',
  ],
];

/** The manifest as YAML, with a word on what is not plain. */
export function asYaml(manifest: Manifest): string {
  const document = new Document(manifest);
  document.commentBefore =
    ' The app as Slack sees it: https://docs.slack.dev/reference/app-manifest';
  for (const [path, key, text] of COMMENTS) {
    const map = document.getIn(path);
    if (!isMap(map)) continue;
    const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
    if (isScalar(pair?.key)) pair.key.commentBefore = ` ${text}`;
  }
  return document.toString({ lineWidth: 0 });
}

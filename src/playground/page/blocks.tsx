import { Message } from 'slack-blocks-to-jsx';
import type { Filled } from '../page-protocol.ts';
import type { Block, Inputs } from '../workspace/index.ts';
import type { World } from './connection.ts';
import { ActionElement, InputField, type On } from './controls.tsx';
import type { Theme } from './theme.ts';
import { Wide } from './wide.tsx';

type Props = {
  blocks: Block[];
  inputs: Inputs;
  filled: Filled;
  /** By `block_id`. */
  errors: Record<string, string>;
  world: World;
  theme: Theme;
  on: On;
};

type Text = { type: string; text: string };
type Element = { type: string; action_id?: string };

/**
 * Block Kit on the page. slack-blocks-to-jsx draws what is only read. Headers and interactive elements are
 * drawn here: the library parses markup in headers and reports no input.
 */
export function Blocks({ blocks, inputs, filled, errors, world, theme, on }: Props) {
  const people = world.welcome.people;
  return (
    <div className="blocks">
      {blocks.map((block, index) => {
        const key = block.block_id ?? index;
        switch (block.type) {
          case 'header':
            return <h3 key={key}>{(block.text as Text).text}</h3>;
          case 'actions':
            return (
              <div key={key} className="actions">
                {(block.elements as Element[]).map((element, nth) => (
                  <ActionElement key={element.action_id ?? nth} element={element} on={on} />
                ))}
              </div>
            );
          case 'input':
            return (
              <InputField
                key={key}
                block={block}
                inputs={inputs}
                filled={filled}
                error={errors[block.block_id ?? '']}
                people={people}
                on={on}
              />
            );
          case 'table':
          case 'data_visualization':
            return (
              <Wide key={key} what={block.type === 'table' ? 'Table' : 'Chart'}>
                <Drawn block={block} world={world} theme={theme} />
              </Wide>
            );
          default:
            return <Drawn key={key} block={block} world={world} theme={theme} />;
        }
      })}
    </div>
  );
}

function Drawn({ block, world, theme }: { block: Block; world: World; theme: Theme }) {
  const { people, groups, channels } = world.welcome;
  const drawn = literal(block) as never;
  return (
    <Message
      blocks={[drawn]}
      name="SecurID Desk"
      logo=""
      theme={theme}
      withoutWrapper
      data={{
        users: people.map(({ id, name }) => ({ id, name })),
        user_groups: groups.map(({ id, handle }) => ({ id, name: handle })),
        channels: channels.map(({ id, name }) => ({ id, name })),
      }}
    />
  );
}

/**
 * Works around the library. It reads markup and links addresses in `plain_text`, which Slack does not. It
 * leaves verbatim text as it is, where Slack reads the markup but links no addresses. It also puts a space
 * after each `&gt;`.
 */
function literal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value;
  const { type, text, verbatim } = value as { type?: unknown; text?: unknown; verbatim?: unknown };
  if (type === 'plain_text') return { type: 'mrkdwn', text, verbatim: true };
  if (type === 'mrkdwn') {
    const markup = String(text).replaceAll('&gt;', '>');
    return { type, text: verbatim ? withoutLinks(markup) : markup };
  }
  return Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, literal(inside)]));
}

/** Escapes the characters that make an address a link. */
const withoutLinks = (text: string) => text.replace(/(?<=\w)(?:@|:(?=\/\/))/g, '\\$&');

import { type Element, offered, type Placed, placedIn } from './elements.ts';
import type { Block, Input, Inputs } from './types.ts';

/** The initial state of the blocks. What a person entered stays if both ids stay the same. */
export function inputsOf(blocks: Block[], before: Inputs = {}): Inputs {
  const inputs: Inputs = {};
  for (const { blockId, element } of placedIn(blocks)) {
    const initial = initialInput(element);
    if (!initial) continue;
    const entered = before[blockId]?.[element.action_id];
    inputs[blockId] = {
      ...inputs[blockId],
      [element.action_id]: entered?.type === element.type ? entered : initial,
    };
  }
  return inputs;
}

/** The state's property for each element type, and the property with its initial value. */
const STATES: Record<string, [property: string, initial: `initial_${string}`]> = {
  plain_text_input: ['value', 'initial_value'],
  number_input: ['value', 'initial_value'],
  email_text_input: ['value', 'initial_value'],
  url_text_input: ['value', 'initial_value'],
  rich_text_input: ['rich_text_value', 'initial_value'],
  datepicker: ['selected_date', 'initial_date'],
  timepicker: ['selected_time', 'initial_time'],
  datetimepicker: ['selected_date_time', 'initial_date_time'],
  static_select: ['selected_option', 'initial_option'],
  external_select: ['selected_option', 'initial_option'],
  radio_buttons: ['selected_option', 'initial_option'],
  users_select: ['selected_user', 'initial_user'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  channels_select: ['selected_channel', 'initial_channel'],
  checkboxes: ['selected_options', 'initial_options'],
  multi_static_select: ['selected_options', 'initial_options'],
  multi_external_select: ['selected_options', 'initial_options'],
  multi_users_select: ['selected_users', 'initial_users'],
  multi_conversations_select: ['selected_conversations', 'initial_conversations'],
  multi_channels_select: ['selected_channels', 'initial_channels'],
};

const isSeveral = (type: string) => type === 'checkboxes' || type.startsWith('multi_');

function initialInput(element: Element): Input | undefined {
  const { type } = element;
  const [property, initial] = STATES[type] ?? [];
  if (!property || !initial) return undefined;
  return { type, [property]: element[initial] ?? (isSeveral(type) ? [] : null) };
}

/** How a date, a time, and seconds since 1970 are written. */
const WRITTEN: Record<string, RegExp> = {
  datepicker: /^\d{4}-\d{2}-\d{2}$/,
  timepicker: /^\d{2}:\d{2}$/,
  datetimepicker: /^\d{10}$/,
};

/** The state after a person chose `wanted`: an option by its text or value, a date, or a user id. */
export function chosen({ element }: Placed, wanted: string, before: Input | undefined): Input {
  const { type } = element;
  // An overflow menu has no state, but still sends what was chosen.
  const [property] = STATES[type] ?? ['selected_option'];
  const picked = pick(element, wanted);
  if (!isSeveral(type)) return { type, [property]: picked };

  const ticked = (before?.[property] ?? []) as unknown[];
  const others = ticked.filter((one) => JSON.stringify(one) !== JSON.stringify(picked));
  const next = others.length < ticked.length ? others : [...ticked, picked];
  const { max_selected_items: most = next.length } = element;
  if (next.length > most) throw new Error(`No more than ${most} can be chosen`);
  return { type, [property]: next };
}

function pick(element: Element, wanted: string): unknown {
  const { type } = element;
  const written = WRITTEN[type];
  if (written) {
    if (!written.test(wanted)) throw new Error(`“${wanted}” is nothing that a ${type} offers`);
    return type === 'datetimepicker' ? Number(wanted) : wanted;
  }
  if (/(users|conversations|channels)_select$/.test(type)) return wanted;

  const option = offered(element).find(
    ({ text, value }) => text.text === wanted || value === wanted,
  );
  if (option) return option;
  const there = offered(element).map(({ text }) => `“${text.text}”`);
  throw new Error(`No option “${wanted}”; there are: ${there.join(', ')}`);
}

/** What Slack's client says about a form before sending anything, by `block_id`. */
export function missing(blocks: Block[], inputs: Inputs): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { block, blockId, element } of placedIn(blocks)) {
    if (block.type !== 'input') continue;
    const { type: _, ...state } = inputs[blockId]?.[element.action_id] ?? { type: '' };
    const [entered] = Object.values(state);
    const empty = !entered || (Array.isArray(entered) && entered.length === 0);
    if (empty && block.optional !== true) {
      errors[blockId] = 'Please complete this required field.';
    } else if (typeof entered === 'string') {
      const wrong = unlike(element, entered);
      if (wrong) errors[blockId] = wrong;
    }
  }
  return errors;
}

/** The error about a typed text, if any. */
function unlike(element: Element, text: string): string | undefined {
  const { type, min_length = 0, min_value = text, max_value = text } = element;
  if (text.length < min_length) return `Please enter at least ${min_length} characters.`;
  if (type === 'email_text_input' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) {
    return 'Please enter an e-mail address.';
  }
  if (type === 'url_text_input' && !URL.canParse(text)) return 'Please enter a URL.';
  if (type !== 'number_input') return undefined;
  const number = element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!number.test(text)) return 'Please enter a number.';
  if (Number(text) < Number(min_value)) return `Please enter ${min_value} or more.`;
  return Number(text) > Number(max_value) ? `Please enter ${max_value} or less.` : undefined;
}

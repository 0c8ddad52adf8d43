import { type Element, offered, type Placed, placedIn } from './elements.ts';
import type { Block, Input, Inputs } from './types.ts';

/** The state the blocks start with. What a person entered stays where both ids stay the same. */
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

function initialInput(element: Element): Input | undefined {
  const { type } = element;
  switch (type) {
    case 'plain_text_input':
      return { type, value: element.initial_value ?? null };
    case 'users_select':
      return { type, selected_user: element.initial_user ?? null };
    case 'static_select':
    case 'radio_buttons':
      return { type, selected_option: element.initial_option ?? null };
    case 'checkboxes':
      return { type, selected_options: element.initial_options ?? [] };
    default:
      return undefined;
  }
}

/** The state after a person picked `wanted`, an option by its text or value, or a user by id. */
export function chosen({ element }: Placed, wanted: string, before: Input | undefined): Input {
  const { type } = element;
  if (type === 'users_select') return { type, selected_user: wanted };

  const option = offered(element).find(
    ({ text, value }) => text.text === wanted || value === wanted,
  );
  if (!option) {
    const there = offered(element).map(({ text }) => `“${text.text}”`);
    throw new Error(`No option “${wanted}”; there are: ${there.join(', ')}`);
  }
  if (type !== 'checkboxes') return { type, selected_option: option };

  const ticked = (before?.selected_options ?? []) as { value: string }[];
  const others = ticked.filter(({ value }) => value !== option.value);
  return {
    type,
    selected_options: others.length < ticked.length ? others : [...ticked, option],
  };
}

/** What Slack's client says about a form before it sends anything, by block id. */
export function missing(blocks: Block[], inputs: Inputs): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { block, blockId, element } of placedIn(blocks)) {
    if (block.type !== 'input') continue;
    const { type: _, ...state } = inputs[blockId]?.[element.action_id] ?? { type: '' };
    const [entered] = Object.values(state);
    const empty = !entered || (Array.isArray(entered) && entered.length === 0);
    if (empty && block.optional !== true) {
      errors[blockId] = 'Please complete this required field.';
    } else if (typeof entered === 'string' && entered.length < (element.min_length ?? 0)) {
      errors[blockId] = `Please enter at least ${element.min_length} characters.`;
    }
  }
  return errors;
}

/** A choice in the form. */
export type Field = {
  /** The property of the input that it fills, also its `block_id`. */
  id: string;
  label: string;
  placeholder: string;
  /** Labels by value. Without it, they come from the card; if the card has none either, nobody is asked. */
  options?: Record<string, string>;
  /** What can be chosen besides what the card offers, if it offers anything. */
  besides?: Record<string, string>;
  /** The error while nothing is chosen. */
  missing: string;
};

/** What the form lets the agent choose from: labels by value, by field. */
export type Options = Record<string, Record<string, string>>;

/** What there is to choose in a field; `undefined` if nothing is asked. */
export const optionsOf = (
  { id, options, besides }: Field,
  offered: Options = {},
): Record<string, string> | undefined =>
  options ??
  (offered[id] && Object.keys(offered[id]).length > 0 ? { ...offered[id], ...besides } : undefined);

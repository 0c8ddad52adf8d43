export const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** A sentence within another one. */
export const lower = (text: string) =>
  text.startsWith('SecurID') ? text : `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

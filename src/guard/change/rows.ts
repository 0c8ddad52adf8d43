import type { Row } from '../../audit/index.ts';

/**
 * The name of a row's change, taken from its operation: the change's
 * name, or one of its buttons and forms.
 */
export const changeOf = ({ operation = '' }: Pick<Row, 'operation'>): string =>
  operation.replace(/^follow-up:/, '').replace(/:.*$/, '');

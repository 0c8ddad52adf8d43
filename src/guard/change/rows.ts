import type { Row } from '../../audit/index.ts';

/** The change that a row is about, by its operation: the change's name, or one of its buttons and forms. */
export const changeOf = ({ operation = '' }: Pick<Row, 'operation'>): string =>
  operation.replace(/^follow-up:/, '').replace(/:.*$/, '');

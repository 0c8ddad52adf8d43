/** A server could not be opened: its port is taken, or its address is none of this machine. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
  readonly place: string;
  /** The variables that set the host and the port. */
  readonly variables: Variables;
  readonly code: string;

  constructor(error: Error & { code: unknown }, { host, port }: Place, variables: Variables) {
    super(error.message, { cause: error });
    this.place = `${host}:${port}`;
    this.variables = variables;
    this.code = String(error.code);
  }
}

type Place = { host: string; port: number };
type Variables = { host: string; port: string };

/**
 * For whoever opens a server.
 * @throws CannotListen if Node has a code for what is wrong; otherwise what it was given
 */
export const cannotListen = (place: Place, variables: Variables) => (error: unknown) => {
  const hasCode = error instanceof Error && 'code' in error;
  throw hasCode ? new CannotListen(error, place, variables) : error;
};

/** The rules by which a code may be refused: their names in the audit trail. */
export const RULES = [
  'the approver’s role',
  'somebody else approves',
  'who approves',
  'lockdown',
  'the agent’s role',
  'not for oneself',
  'protected',
  'nobody matches',
  'enabled',
  'pending deletion',
  'reported',
  'codes per agent and hour',
  'codes per user and day',
  'one active code',
  'verification',
  'the same user',
  /** One of the others could not be told. */
  'cannot be told',
] as const;

export type RuleName = (typeof RULES)[number];

/** Which rule refuses: its name for the audit trail, its sentence for the agent. */
export type Refusal = { rule: RuleName; sentence: string };

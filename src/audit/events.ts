/** Phrases for a change. The examples are the registration code's. */
export type ChangeWords = {
  /** Somebody asked for …: `a registration code`. */
  one: string;
  /** The agent …: `issued a registration code`. */
  did: string;
  /** A code that was …: `issued`. */
  done: string;
};

/** What goes into a sentence about a row. */
export type Said = ChangeWords & {
  /** Who did it, as a mention; the app itself if nobody did. */
  who: string;
  /** What a lockdown stops: `registration codes`. */
  many: string;
  reason: string | undefined;
  /** The second person, as “, approved by …”; empty where there was none. */
  approved: string;
  /** Who made the change, as “, issued by …”; empty if unknown. */
  by: string;
  /** Why a request for approval lapsed. */
  lapse: string;
  /** A switch was not set anew, but could not be lifted. */
  stays: boolean;
};

/** The metric that an event counts for, and as what; `because` overrides it by reason or failure. */
type Counts =
  | { as: 'change' | 'refusal' | 'report' }
  | { as: 'approval' | 'notice'; outcome: string; because?: Record<string, string> };

/** What an event means. */
type Meaning = {
  /** The event begins a change (its intent is on disk) or ends it. */
  change?: 'begins' | 'ends';
  /** Uses up the card, although no change was made. */
  usesCard?: true;
  /** Sets the switch of that name, or the one that blocks the row's target. */
  sets?: { name: 'lockdown' | 'blocked' | 'licences short'; on: boolean };
  /** Allows something again. Counts only if the row is signed. */
  loosens?: true;
  /** The last row about this matter is remembered. */
  matter?: 'licence summary';
  counts?: Counts;
  /** Its line in AUDIT_CHANNEL, if it is worth one. */
  line?: {
    says: (said: Said) => string | undefined;
    /** For the record only: shown small. */
    isMinor?: true;
    /** The sentence says why, so the reason is left out. */
    saysWhy?: true;
    /** The people named in the reason are added. */
    names?: true;
    /** Its place in the queue; default: that of a change. */
    priority?: 'report' | 'order' | 'refusal';
  };
};

/** The reason in the row of a late notice. */
export const LATE = 'late';

/** Every event in the trail, and what it means. */
const EVENTS = {
  'look-up': {},
  'many look-ups': {
    line: {
      says: () => ':eyes: More than three agents looked up one user within an hour.',
      saysWhy: true,
      names: true,
    },
  },
  refusal: {
    usesCard: true,
    counts: { as: 'refusal' },
    line: { says: ({ who }) => `:no_entry: ${who} was refused.`, priority: 'refusal' },
  },
  'approval asked': {
    usesCard: true,
    counts: { as: 'approval', outcome: 'asked' },
    line: { says: ({ who, one }) => `:raised_hand: ${who} asked for approval of ${one}.` },
  },
  approved: {
    counts: { as: 'approval', outcome: 'approved' },
    line: { says: ({ who, one }) => `:white_check_mark: ${who} approved ${one}.` },
  },
  denied: {
    counts: { as: 'approval', outcome: 'denied' },
    line: { says: ({ who, one }) => `:x: ${who} denied ${one}.` },
  },
  lapsed: {
    counts: {
      as: 'approval',
      outcome: 'lapsed',
      because: {
        withdrawn: 'withdrawn',
        lockdown: 'withdrawn',
        'on hold': 'withdrawn',
        'it could not be asked for': 'failed',
      },
    },
    line: {
      says: ({ who, lapse }) => `${who} asked for approval, and ${lapse}.`,
      isMinor: true,
      saysWhy: true,
    },
  },
  cancelled: { usesCard: true },
  intent: { change: 'begins' },
  done: {
    change: 'ends',
    counts: { as: 'change' },
    line: { says: ({ who, did, approved }) => `:key: ${who} ${did}${approved}.` },
  },
  'not done': {
    change: 'ends',
    loosens: true,
    counts: { as: 'change' },
    line: {
      says: ({ who, one, done }) => `${who} asked for ${one}, and it was not ${done}.`,
      isMinor: true,
    },
  },
  unknown: {
    change: 'ends',
    counts: { as: 'change' },
    line: {
      says: ({ who, one, done }) =>
        `:warning: ${who} asked for ${one}; it is unknown whether it was ${done}.`,
    },
  },
  hidden: {},
  expired: {},
  erased: {},
  told: {
    counts: { as: 'notice', outcome: 'told' },
    line: {
      says: ({ reason, one, done }) =>
        reason === LATE
          ? `:white_check_mark: A user who could not be notified right away now knows of ${one} ${done} for them.`
          : undefined,
      isMinor: true,
      saysWhy: true,
    },
  },
  'not told': {
    counts: { as: 'notice', outcome: 'failed', because: { 'not in Slack': 'not in Slack' } },
    line: {
      says: ({ one, done }) => `:warning: A user could not be notified of ${one} ${done} for them.`,
    },
  },
  reported: {
    sets: { name: 'blocked', on: true },
    counts: { as: 'report' },
    line: {
      says: ({ who, one, by, stays }) =>
        stays
          ? `:lock: The block that ${who} lifted stays.`
          : `:rotating_light: ${who} reported ${one} they did not ask for${by}.`,
      saysWhy: true,
      priority: 'report',
    },
  },
  confirmed: {
    line: {
      says: ({ who, one, by }) => `${who} said that they had asked for ${one}${by}.`,
      isMinor: true,
      saysWhy: true,
    },
  },
  'block lifted': {
    sets: { name: 'blocked', on: false },
    loosens: true,
    line: {
      says: ({ who }) => `:unlock: ${who} lifted the block on a user.`,
      priority: 'order',
    },
  },
  'lockdown on': {
    sets: { name: 'lockdown', on: true },
    line: {
      says: ({ who, many, stays }) =>
        stays
          ? `:lock: The lockdown that ${who} lifted stays.`
          : `:lock: ${who} stopped all ${many}.`,
      priority: 'order',
    },
  },
  'lockdown off': {
    sets: { name: 'lockdown', on: false },
    loosens: true,
    line: {
      says: ({ who, many }) => `:unlock: ${who} allowed ${many} again.`,
      priority: 'order',
    },
  },
  'licences due': { matter: 'licence summary' },
  'licences posted': { matter: 'licence summary' },
  'licences refused': { matter: 'licence summary' },
  'licences not posted': { matter: 'licence summary' },
  'licences short': { sets: { name: 'licences short', on: true } },
  'licences enough': { sets: { name: 'licences short', on: false }, loosens: true },
  'key introduced': {
    line: {
      says: () =>
        ':warning: The audit trail is now signed by another key, which no earlier row names.',
    },
  },
  'key replaced': {
    line: {
      says: () =>
        ':memo: The audit trail is now signed by a new key, which the old key introduced.',
      isMinor: true,
    },
  },
  'taken over': {
    line: {
      says: () =>
        ':warning: Another process wrote to the audit trail; this one writes it from here on.',
    },
  },
} as const satisfies Record<string, Meaning>;

export type Event = keyof typeof EVENTS;

/** The names in earlier versions. */
const EARLIER: Readonly<Record<string, Event>> = { issued: 'done', 'not issued': 'not done' };

/** An event of a newer version, which this one does not know. */
const NOT_KNOWN = 'not known here';

/** The event of a row that stands in the trail. */
export type ReadEvent = Event | typeof NOT_KNOWN;

const isEvent = (word: string): word is Event => Object.hasOwn(EVENTS, word);

/** The event for a word in the trail. */
export function readEvent(word: string): ReadEvent {
  if (isEvent(word)) return word;
  return (Object.hasOwn(EARLIER, word) && EARLIER[word]) || NOT_KNOWN;
}

/** The words for an event in the trail, including earlier versions' words. */
export const wordsFor = (event: Event): string[] => [
  event,
  ...Object.keys(EARLIER).filter((word) => EARLIER[word] === event),
];

/** What an event means. */
export const meaningOf = (event: ReadEvent): Meaning => (event === NOT_KNOWN ? {} : EVENTS[event]);

/** The events whose meaning matches. */
export const eventsThat = (hold: (meaning: Meaning) => unknown): Event[] =>
  Object.keys(EVENTS)
    .filter(isEvent)
    .filter((event) => hold(meaningOf(event)));

/** What each counted event counts for. */
export const COUNTED: Readonly<Record<string, Counts>> = Object.fromEntries(
  Object.keys(EVENTS)
    .filter(isEvent)
    .flatMap((event) => {
      const { counts } = meaningOf(event);
      return counts ? [[event, counts]] : [];
    }),
);

/** When Slack's request came, and when it was acknowledged, by `clock.elapsed()`. */
export type Arrival = { receivedAt: number; acknowledgedAt: number };

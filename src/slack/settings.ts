/** How this app is known to Slack, and how Slack's requests reach it. */
export type SlackSettings = {
  botToken: string;
  /** Of the Web API, with a slash at its end. */
  apiUrl: string;
} & (
  | { socketMode: true; appToken: string }
  | {
      socketMode: false;
      signingSecret: string;
      host: string;
      port: number;
      path: string;
      /** For how long requests are still taken once the app is to stop. */
      drainSeconds: number;
    }
);

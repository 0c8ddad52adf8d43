import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { SlashCommand } from './page-protocol.ts';

const Manifest = z.object({
  features: z.object({
    slash_commands: z.array(
      z.object({ command: z.string(), description: z.string(), usage_hint: z.string() }),
    ),
  }),
});

/** Read from the manifest, so that the page offers what Slack would. */
export function slashCommands(): SlashCommand[] {
  const manifest = new URL('../../manifest.yml', import.meta.url);
  const { features } = Manifest.parse(parse(readFileSync(manifest, 'utf8')));
  return features.slash_commands.map(({ command, description, usage_hint }) => ({
    command,
    description,
    hints: usage_hint.split('|').map((hint) => hint.trim()),
  }));
}

/**
 * Throws what Slack's client says about a command that no app has. Nothing is sent, so there would be no
 * answer.
 * @throws Error
 */
export function checkCommand(commands: SlashCommand[], text: string): void {
  const [command = ''] = text.trim().split(/\s/, 1);
  if (commands.some((one) => one.command === command)) return;
  const known = commands.map((one) => one.command).join(', ');
  throw new Error(`${command} is not a valid command. There is ${known}.`);
}

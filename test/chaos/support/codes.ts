import type { Message } from '../../../src/playground/workspace/index.ts';
import { codeIn } from './messages.ts';
import type { Scene } from './scene.ts';

type Screen = { code: string; message: Message; since: number; until: number | undefined };

/** Watches every registration code from the tenant to the screen, and until it is erased. */
export function watchCodes({ tenant, workspace }: Watched) {
  const screens = new Map<string, Screen>();
  const leftByKill = new Set<string>();

  workspace.watch((shown) => {
    if (shown.kind !== 'message') return;
    const code = codeIn(shown);
    for (const screen of screens.values()) {
      if (screen.message === shown && screen.code !== code) screen.until ??= Date.now();
    }
    if (code && !screens.has(code)) {
      screens.set(code, { code, message: shown, since: Date.now(), until: undefined });
    }
  });

  const dies = ({ code }: Screen) => {
    const { at = 0 } = tenant.issuedCodes.find((issued) => issued.code === code) ?? {};
    return at + (tenant.records.codeLifetime ?? 0);
  };

  return {
    shown: () => [...screens.values()],
    /** Call after a kill: nobody is left to erase the codes on screens or on their way there. */
    killed(): void {
      for (const { code } of tenant.issuedCodes) {
        if (screens.get(code)?.until === undefined) leftByKill.add(code);
      }
    },
    leftByKill: () => [...screens.keys()].filter((code) => leftByKill.has(code)).length,
    /** Users for whom there is more than one code. */
    twice(): string[] {
      const users = tenant.issuedCodes.map(({ userId }) => userId);
      return users.filter((user, index) => users.indexOf(user) !== index);
    },
    /** How many milliseconds each code was shown after it had expired. */
    overtime: () =>
      [...screens.values()]
        .filter(({ code }) => !leftByKill.has(code))
        .map((screen) => (screen.until ?? Date.now()) - dies(screen)),
  };
}

type Watched = Pick<Scene, 'tenant' | 'workspace'>;

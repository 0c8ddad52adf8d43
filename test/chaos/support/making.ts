import type { Change } from '../../../src/guard/change/change.ts';
import { CHANGES } from '../../../src/operations/changes.ts';
import { registrationCode } from '../../../src/operations/registration-code/change.ts';
import { JONAS, MIRA } from '../../../src/playground/company.ts';
import type { Person } from '../../../src/playground/workspace/index.ts';
import { add, newPhone, reportAlans, WAYS, type Way } from '../../support/ways.ts';
import { accounted, LeadsNoFurther } from './accounted.ts';
import type { Scene } from './scene.ts';

type Kind = { change: Change; way: Way };

const KINDS: Kind[] = [
  ...CHANGES.flatMap((change) => {
    const way = WAYS[change.name];
    return way ? { change, way } : [];
  }),
  { change: registrationCode, way: newPhone },
];

/** Only an alert leads there, and only approvers may. */
const isForOfficers = ({ change }: Kind) => change.name === 'delete-added';

/** Makes changes of every kind, each for a user of its own; what an alert leads to, for Alan, who has reported one. */
export async function createMaking(scene: Scene, fault: () => string) {
  const { tenant, ledger } = scene;
  const officer = accounted(MIRA, scene.workspace.person(MIRA), { ledger, fault });
  const workspace = { ...scene.workspace, person: () => officer };
  const { alert } = await reportAlans(scene, scene.workspace.person(JONAS));
  const forAgents = KINDS.filter((kind) => !isForOfficers(kind));
  let made = 0;

  async function make({ change, way }: Kind, by: Person): Promise<void> {
    made += 1;
    const one = add(tenant, `person-${made}@acme.test`);
    const around = { tenant, workspace, alert, button: change.say.verify };
    try {
      const lastStep = await way(by, one, around);
      await lastStep(by);
    } catch (error) {
      if (!leadsNoFurther(error)) throw error;
    }
  }

  return {
    /** By an agent. The kinds take turns. */
    change: (agent: string, person: Person) =>
      make(forAgents[made % forAgents.length] as Kind, accounted(agent, person, { ledger, fault })),
    /** Mira deletes devices that were added, one after another, until `enough`. */
    async officer(enough: () => boolean, pause: () => Promise<unknown>): Promise<void> {
      while (!enough()) {
        await pause();
        for (const kind of KINDS.filter(isForOfficers)) await make(kind, officer);
      }
    },
  };
}

/** Under a fault there may be no button to press, or no form behind it. */
const leadsNoFurther = (error: unknown) =>
  error instanceof LeadsNoFurther ||
  (error instanceof Error && /no modal opened/.test(error.message));

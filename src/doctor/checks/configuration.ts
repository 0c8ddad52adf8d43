import { VARIABLES } from '../../config/environment.ts';
import { peopleWarnings, unreadWarnings, warningsFor } from '../../config/warnings.ts';
import { type Check, type Finding, failed, ok, warning } from '../finding.ts';
import type { Services } from '../services.ts';

/** What the environment says, without asking anybody. */
export const configuration: Check = {
  area: 'Configuration',
  name: 'environment',
  run: (services) => [...problems(services), ...weaknesses(services)],
};

const LOOK_UP = 'Look it up in docs/configuration.md, set it, and run the doctor again.';
const CORRECT = 'Look it up in docs/configuration.md, and correct it unless this is intended.';

function problems({ problems, variables }: Services): Finding[] {
  const known = variables.filter((name) => VARIABLES.includes(name)).length;
  if (problems.length === 0) return [ok('environment', `${known} variables, all valid`)];
  return problems.map((problem) => {
    const [, name = 'environment', says = problem] = /^([A-Z\d_]+): (.*)$/s.exec(problem) ?? [];
    return failed(name, says, { remedy: LOOK_UP, symptom: 'the-configuration-has-problems' });
  });
}

/** What works but should be changed. */
function weaknesses({ config, changes }: Services): Finding[] {
  const { slack, securid } = config;
  const all =
    slack && securid
      ? warningsFor({ ...config, slack, securid }, changes)
      : [...peopleWarnings(config), ...unreadWarnings(config)];
  // The check of Redis reports it.
  return all.filter(({ symptom }) => symptom !== 'redis-has-no-password').map(asLogged);
}

/** What the app says in its log at the start. */
function asLogged({ says: text, symptom }: ReturnType<typeof peopleWarnings>[number]): Finding {
  const [, name = 'credential', says = text] = /^([A-Z][A-Z\d_]+) (.*)$/s.exec(text) ?? [];
  return warning(name, says, { remedy: CORRECT, symptom });
}

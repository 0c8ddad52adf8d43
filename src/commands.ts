// Loaded only when asked for. Together, because what several such files share with the app would be bundled into
// more files, all read at each start.
export { checkTrail } from './audit/command.ts';
export { doctor } from './doctor/doctor.ts';
export { manifest } from './manifest/manifest.ts';

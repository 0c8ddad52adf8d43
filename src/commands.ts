// Loaded only on request. All in one file: what several such files share with the app would be bundled into files
// of its own, which each start would read.
export { checkTrail } from './audit/command.ts';
export { doctor } from './doctor/doctor.ts';
export { manifest } from './manifest/manifest.ts';

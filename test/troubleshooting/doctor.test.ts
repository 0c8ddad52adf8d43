import { doctor } from './stories/doctor.ts';
import { tell } from './support/stories.ts';

tell(doctor);

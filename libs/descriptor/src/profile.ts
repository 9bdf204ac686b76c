import type { Profile } from '@underware/tosca';
import { TEXTS } from './profiles/generated/texts.js';

/** `profiles/underware.yaml`: descriptors know its types without importing it. */
export const UNDERWARE_PROFILE: Profile = {
  name: 'underware',
  text: TEXTS['underware.yaml'] ?? '',
  implicit: true,
};

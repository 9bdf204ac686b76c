/**
 * Forward changes of the truth's schema, one a file, named by the moment and the change; `libs/store` runs them at start.
 *
 * A released file is never edited: what was wrong is put right by the next one.
 */
import { CreateTheTruth1764000000000 } from './1764000000000-create-the-truth.js';
import { OrderBySequence1764100000000 } from './1764100000000-order-by-sequence.js';
import { HoldInstances1764200000000 } from './1764200000000-hold-instances.js';
import { KeepContents1764300000000 } from './1764300000000-keep-contents.js';
import { ChangeServices1764450000000 } from './1764450000000-change-services.js';
import { KeepPacketEvents1764460000000 } from './1764460000000-keep-packet-events.js';
import { TryUpgrades1764470000000 } from './1764470000000-try-upgrades.js';
import { TitleSteps1764475000000 } from './1764475000000-title-steps.js';

export const MIGRATIONS = [
  CreateTheTruth1764000000000,
  OrderBySequence1764100000000,
  HoldInstances1764200000000,
  KeepContents1764300000000,
  ChangeServices1764450000000,
  KeepPacketEvents1764460000000,
  TryUpgrades1764470000000,
  TitleSteps1764475000000,
];

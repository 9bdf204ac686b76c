import { describeDeaths } from './deaths.spec-support.js';

describeDeaths('postgres');

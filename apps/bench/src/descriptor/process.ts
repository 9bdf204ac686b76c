/** A process of its own, so that the first compilation is a first one: prints its samples as JSON. */
import { measureDescriptor } from './measure-descriptor.js';

process.stdout.write(JSON.stringify(measureDescriptor()));

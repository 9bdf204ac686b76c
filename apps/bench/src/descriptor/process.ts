/** A process of its own, so that the first compilation is a first one: prints its samples as JSON. */
import { measureDescriptor, measureFirst } from './measure-descriptor.js';

process.stdout.write(JSON.stringify(process.argv[2] === 'first' ? measureFirst() : measureDescriptor()));

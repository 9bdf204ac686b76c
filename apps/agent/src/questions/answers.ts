import type { Answers } from '@underware/jobs';
import { answerCapture } from './answer-capture.js';
import { answerConnections, answerFlush } from './answer-connections.js';
import { answerFlows } from './answer-flows.js';
import { answerLogs } from './answer-logs.js';
import { answerMapEdit, answerMapRows, answerMaps } from './answer-maps.js';
import { answerTrace } from './answer-trace.js';
import type { AskedOf } from './asked-of.js';

/** One function for each kind of question, each in a file of its own. */
export function answersOf(asked: AskedOf): Answers {
  return {
    capture: (question) => answerCapture(asked, question),
    flows: (question) => answerFlows(asked, question),
    logs: (question) => answerLogs(asked, question),
    trace: (question) => answerTrace(asked, question),
    maps: (question) => answerMaps(asked, question),
    'map-rows': (question) => answerMapRows(asked, question),
    'map-edit': (question) => answerMapEdit(asked, question),
    connections: (question) => answerConnections(asked, question),
    'flush-connections': (question) => answerFlush(asked, question),
  };
}

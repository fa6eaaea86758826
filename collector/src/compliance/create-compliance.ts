import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { Challenges } from './challenges.js';
import type { ComplianceService } from './compliance-service.js';
import { hostAnswer } from './host-answer.js';
import type { PostureBoard } from './posture-board.js';
import { runCheck } from './run-check.js';
import { summarize, summarizeCluster, summarizeHosts } from './summaries.js';

/** The questions compliance answers, over the board. */
export function createCompliance(deps: {
  board: PostureBoard;
  challenges: Challenges;
  clock: Clock;
}): ComplianceService {
  const { board, clock } = deps;
  return {
    check: (request) => runCheck(request, deps),
    status: () => summarizeCluster(board, clock),
    hostSummaries: () => summarizeHosts(board),
    host: (name) => {
      const state = board.known(name);
      const role = board.roleOf(name);
      if (state === undefined || (role === undefined && state.enrollment === null)) return undefined;
      const judgement = board.judge(name);
      const summary = summarize(state, board);
      const result = judgement === undefined ? null : hostAnswer(state, judgement, summary.standing === 'connected');
      return { summary, result };
    },
    subscribe: (listener) => board.subscribe(listener),
  };
}

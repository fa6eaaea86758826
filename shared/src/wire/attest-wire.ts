/** The two directions of AgentService.Attest: from the wire `to…`, admitted and narrowed; to the wire `from…`. */
export { fromAgentMessage, toAgentMessage } from './agent-message-wire.js';
export { fromCollectorMessage, toCollectorMessage } from './collector-message-wire.js';

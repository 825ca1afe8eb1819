/**
 * Who has to act on what is wrong with a session or a mesh peer:
 *
 * - `needs-you`: the operator. The agent cannot mend it, or has failed so often that it tries only once an hour.
 * - `working`: the agent or BIRD, which try again. It ends as one of the other two if it lasts.
 * - `peer-side`: the neighbor. All is configured and right here; it is offline, does not answer, refuses, or lacks a capability.
 *   That is no problem of the node.
 */
export type TroubleKind = 'needs-you' | 'working' | 'peer-side';

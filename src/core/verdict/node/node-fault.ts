/** Something on the node itself that stops packets. */
export interface NodeFault {
  /** The faulty part, for the log: `BIRD protocol moenet_kernel_v4`. */
  readonly subject: string;
  /** What is wrong, the effect, and who repairs it. The same words as long as the fault is the same. */
  readonly words: string;
  /** The protocol that a plan may repair; undefined where only a person can. */
  readonly protocol?: string;
  /** True where the cause is not on this machine and may go away by itself. */
  readonly isElsewhere?: true;
}

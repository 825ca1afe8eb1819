/** Something of the node itself that keeps packets from flowing. */
export interface NodeFault {
  /** What it is the fault of, for the log: `BIRD protocol moenet_kernel_v4`. */
  readonly subject: string;
  /** What is wrong, what follows from it, and who does what about it. The same words as long as the fault is the same. */
  readonly words: string;
  /** The protocol that a plan may repair; undefined where only a person can. */
  readonly protocol?: string;
  /** True where the cause is not on this machine, and may end by itself. */
  readonly isElsewhere?: true;
}

/** An answer whose shape says nothing: not even one item of it can be used. */
export class WrongShapeError extends Error {}

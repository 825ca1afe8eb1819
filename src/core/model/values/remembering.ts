/** The function with its answers remembered, at most `most` of them: then it forgets all. */
export function remembering<Question, Answer extends object | string>(
  answer: (question: Question) => Answer,
  most: number,
): (question: Question) => Answer {
  const known = new Map<Question, Answer>();
  return (question) => {
    const before = known.get(question);
    if (before !== undefined) return before;
    if (known.size >= most) known.clear();
    const now = answer(question);
    known.set(question, now);
    return now;
  };
}

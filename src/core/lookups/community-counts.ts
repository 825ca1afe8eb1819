import type { CommunityTable } from '../model/control-plane.js';

/** A community whose routes are counted, and the key for the number. */
export interface CommunityQuestion {
  readonly category: CountedCategory;
  /** The tier's number, or the community's name in the policy. */
  readonly key: string;
  readonly value: readonly number[];
}

const countedCategories = ['latency', 'bandwidth', 'crypto', 'region'] as const;
type CountedCategory = (typeof countedCategories)[number];

export interface CommunityCounts {
  readonly totalRoutes: number;
  readonly distributions: Readonly<Record<CountedCategory, Readonly<Record<string, number>>>>;
}

/** What to count for statistics by the policy's own table, in a fixed order. */
export function communityQuestions(table: CommunityTable): CommunityQuestion[] {
  return countedCategories.flatMap((category) =>
    Object.entries(table[category] ?? {})
      .map(([name, value]) => ({ category, key: keyOf(category, name), value }))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
  );
}

/** The answers by category. All nine latency tiers are there; of the others only those that a route has. */
export function communityCounts(
  totalRoutes: number,
  questions: readonly CommunityQuestion[],
  counts: readonly number[],
): CommunityCounts {
  const answered = questions.map((question, index) => ({ ...question, count: counts[index] ?? 0 }));
  const of = (category: CountedCategory) =>
    Object.fromEntries(
      answered
        .filter((answer) => answer.category === category && answer.count > 0)
        .map(({ key, count }) => [key, count]),
    );
  const tiers = Object.fromEntries(Array.from({ length: 9 }, (_, tier) => [String(tier), 0]));
  return {
    totalRoutes,
    distributions: {
      latency: { ...tiers, ...of('latency') },
      bandwidth: of('bandwidth'),
      crypto: of('crypto'),
      region: of('region'),
    },
  };
}

function keyOf(category: CountedCategory, name: string): string {
  return category === 'latency' ? name.replace(/^tier/i, '') : name;
}

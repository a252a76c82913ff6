/** How much one round of a search does with a bank. */
export interface Round {
  /** What a search from the goal may try; of some things a multiple. */
  readonly effort: number;
  /** Steps of the growth of the bank, and of the search from the goal. */
  readonly steps: number;
  /** Terms that the bank grows to. */
  readonly terms: number;
  /** Only smaller answers are looked for. */
  readonly bound: number;
  /** Rows that take functions; null where there are none. */
  readonly applied: AppliedAhead | null;
}

/** What rows that take functions are applied to ahead of their turn. */
export interface AppliedAhead {
  /** Bodies of each kind with the first of the other arguments; fewer with later ones. */
  readonly bodies: number;
  /** Bodies of up to that size are made first. */
  readonly bodySize: number;
  /** Other arguments: so many of each, a part of them where there are two. */
  readonly others: number;
}

const FIRST_TERMS = 300;
const MORE_TERMS = 3;
/** Terms of a bank, which bounds the effort of a way back from the goal. */
const MOST_TERMS = 500_000;
const FIRST_EFFORT = 2000;
const MORE_EFFORT = 2.2;
const STEPS_BY_EFFORT = 100;

/** A round of a search whose terms are without lambdas. */
export function plainRound(round: number): Round {
  const effort = grown(FIRST_EFFORT, MORE_EFFORT, round);
  return {
    effort,
    steps: STEPS_BY_EFFORT * effort,
    terms: Math.min(MOST_TERMS, grown(FIRST_TERMS, MORE_TERMS, round)),
    bound: Number.POSITIVE_INFINITY,
    applied: null,
  };
}

const FIRST_LAMBDA_EFFORT = 45;
const FIRST_LAMBDA_TERMS = 1200;
const MORE_LAMBDA_TERMS = 2;
const MOST_ROUND_STEPS = 1_500_000;
const FIRST_BODIES = 5.5;
const MORE_BODIES = 2.2;
const LARGEST_BODY = 5;
const FIRST_OTHERS = 0.8;
const MORE_OTHERS = 1.6;
/** Effort and steps of a round stay as they are from then on. */
const LAST_GROWTH = 10;
/**
 * Where there are lambdas, small programs do much, and long ones that fit a few examples are seldom meant: the less the examples tell, the
 * later they are taken.
 */
const BOUNDS = [6, 6, 7, 7, 7, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 26, 28, 30];
const LAST_BOUND = 40;
/** So many rounds earlier larger answers are taken where outputs are more than true or false; and without lambdas, where there are no lists. */
const TELLING_LEAD = 1;
const PLAIN_LEAD = 1;

/** What is known of a question before the search. */
export interface QuestionKind {
  /** Whether outputs are more than true or false. */
  readonly isTelling: boolean;
  readonly hasLists: boolean;
}

const boundOf = (round: number): number => BOUNDS[round] ?? LAST_BOUND;

/** A round of a search for functions of lists, with terms that hold lambdas. */
export function lambdaRound(round: number, { isTelling }: QuestionKind): Round {
  const turn = Math.min(round, LAST_GROWTH);
  const effort = grown(FIRST_LAMBDA_EFFORT, MORE_EFFORT, turn);
  return {
    effort,
    steps: Math.min(MOST_ROUND_STEPS, STEPS_BY_EFFORT * effort),
    terms: grown(FIRST_LAMBDA_TERMS, MORE_LAMBDA_TERMS, round),
    bound: boundOf(isTelling ? round + TELLING_LEAD : round),
    applied: {
      bodies: grown(FIRST_BODIES, MORE_BODIES, turn),
      bodySize: Math.min(LARGEST_BODY, 2 + ((turn + 1) >> 1)),
      others: grown(FIRST_OTHERS, MORE_OTHERS, turn),
    },
  };
}

/** A round of the same search with terms that hold none. */
export function firstOrderRound(round: number, kind: QuestionKind): Round {
  const { effort, steps, bound } = lambdaRound(round, kind);
  const isLikely = kind.isTelling && !kind.hasLists;
  return {
    effort,
    steps,
    bound: isLikely ? boundOf(round + TELLING_LEAD + PLAIN_LEAD) : bound,
    terms: plainRound(round).terms,
    applied: null,
  };
}

/** So many in a round. */
function grown(first: number, factor: number, round: number): number {
  let count = first;
  for (let k = 0; k < round; k++) count *= factor;
  return Math.round(count);
}

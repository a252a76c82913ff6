import { BATCH_PROGRAMS, type Program, programSize, VectorMachine } from "../dsl/index.ts";
import {
  addPacked,
  Archive,
  emptyIsland,
  epochTools,
  type Individual,
  RandomStream,
  rootKey,
  runEpoch,
  type Task,
} from "../src/index.ts";
import { gridSpace } from "../src/archive/grid.ts";
import { tournamentSelector } from "../src/selectors/tournament.ts";
import { variationEmitter } from "../src/emitters/variation-emitter.ts";

const POPULATION = 4096;
const GENERATIONS = 40;
const CANDIDATES = 100_000;

const key = rootKey("bench");
const copy = ({ tokens, constants }: Program): Program => ({
  tokens: tokens.slice(),
  constants: constants.slice(),
});

/** Offspring of a map after 100,000 candidates, in the order in which a search breeds them. */
export function offspringOfMap(task: Task, broodSize: number): Program[] {
  const tools = epochTools(task);
  const state = runEpoch(tools, {
    key,
    island: 0,
    epoch: 0,
    candidates: CANDIDATES,
    state: emptyIsland(task),
    immigrants: [],
    quarantine: [],
  }).state;
  const archive = new Archive(task.space);
  addPacked(archive, state.elites);
  tools.selector.prepare?.(archive);
  const stream = new RandomStream();
  let parent: Program | undefined;
  return Array.from({ length: 2 * BATCH_PROGRAMS }, (_, n) => {
    if (n % broodSize === 0) parent = tools.selector.select(archive, stream.derive(key, 1, 0, n)).program;
    return copy(tools.variation.propose(archive, stream.derive(key, 0, 1, n), parent).program);
  });
}

/** The last of 40 generations of 4,096 programs, each bred from the one before by tournaments of five (Koza 1992). */
export function lastGeneration(task: Task): Program[] {
  const tools = epochTools(task);
  const machine = new VectorMachine(task.grammar, task.inputs, task.caseCount, {
    measured: (task.measured as NonNullable<Task["measured"]>).reduction,
  });
  const fitnessOf = (task.measured as NonNullable<Task["measured"]>).fitness;
  const space = gridSpace([{ name: "place", from: 0, to: POPULATION, bins: POPULATION }]);
  const variation = variationEmitter(task.grammar, task.parameters, tournamentSelector(5), tools.random);
  const stream = new RandomStream();
  let programs = Array.from({ length: POPULATION }, (_, n) =>
    copy(tools.random.propose(new Archive(space), stream.derive(key, 0, 0, n)).program),
  );
  for (let generation = 1; generation <= GENERATIONS; generation++) {
    const archive = new Archive(space);
    for (let first = 0; first < POPULATION; first += BATCH_PROGRAMS) {
      for (let k = 0; k < BATCH_PROGRAMS; k++) machine.put(k, programs[first + k] as Program);
      machine.measure(BATCH_PROGRAMS);
      for (let k = 0; k < BATCH_PROGRAMS; k++) {
        const fitness = fitnessOf(machine.errors[k] as number);
        if (fitness !== fitness) continue;
        const program = programs[first + k] as Program;
        const individual: Individual = {
          program,
          fitness,
          size: programSize(program),
          descriptor: Float64Array.of(first + k),
          errors: new Float64Array(0),
          birth: { epoch: 0, island: 0, candidate: first + k, operator: -1 },
        };
        archive.add(first + k, individual);
      }
    }
    programs = Array.from({ length: POPULATION }, (_, n) =>
      copy(variation.propose(archive, stream.derive(key, 0, generation, n)).program),
    );
  }
  return programs;
}

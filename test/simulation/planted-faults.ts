import { Archive } from "../../src/archive/archive.ts";
import type { EpochInput, EpochOutput } from "../../src/island.ts";
import { packElites } from "../../src/packed-elites.ts";
import type { RunStore } from "../../src/run-store.ts";
import { neighbours } from "../../src/topology.ts";
import type { PlantedFault } from "./world.ts";

/** A store with some of its members replaced. */
function storeWith(store: RunStore, members: Partial<RunStore>): RunStore {
  return new Proxy(store, {
    get: (_, name) => {
      const value = Reflect.get(name in members ? members : store, name);
      return typeof value === "function" ? value.bind(store) : value;
    },
  });
}

/** Migration reads what the neighbours have at the moment, instead of what they had two epochs before. */
export const migrationFromIslandsAtWork: PlantedFault = {
  executor: (pool, { task }) => {
    const newest = new Map<number, EpochOutput>();
    return {
      workers: pool.workers,
      run: async (input) => {
        const { topology, islands } = task.parameters;
        const immigrants = neighbours(topology, input.island, islands).flatMap((island) => {
          const output = newest.get(island);
          return output === undefined ? [] : [output.emigrants];
        });
        const output = await pool.run({ ...input, immigrants });
        newest.set(input.island, output);
        return output;
      },
      close: () => pool.close(),
    };
  },
};

/** The store says that an epoch is stored and writes it a little later. */
export const earlyAcknowledgement: PlantedFault = {
  store: (store, schedule) =>
    storeWith(store, {
      write: (state, metrics) => {
        schedule.after(5, () => void store.write(state, metrics).catch(() => {}));
        return Promise.resolve();
      },
    }),
};

/** Workers go on with the cache of the job before, whichever island that was of. */
export const keptCache: PlantedFault = {
  executor: (pool) => {
    let kept: EpochInput["state"]["cache"] = null;
    return {
      workers: pool.workers,
      run: async (input) => {
        const cache = structuredClone(kept ?? input.state.cache);
        const output = await pool.run({ ...input, state: { ...input.state, cache } });
        kept = structuredClone(output.state.cache);
        return output;
      },
      close: () => pool.close(),
    };
  },
};

/** What is read from the store has lost which skeletons were fitted. */
export const forgottenSkeletons: PlantedFault = {
  store: (store) => {
    const { state } = store;
    return storeWith(store, {
      state:
        state === null
          ? null
          : { ...state, islands: state.islands.map((island) => ({ ...island, skeletons: null })) },
    });
  },
};

/** What is read from the store has lost the migrants that were on their way. */
export const forgottenMigrants: PlantedFault = {
  store: (store, _, { task }) => {
    const nothing = packElites(new Archive(task.space), []);
    const { state } = store;
    return storeWith(store, {
      state:
        state === null ? null : { ...state, migrants: state.migrants.map((sent) => sent.map(() => nothing)) },
    });
  },
};

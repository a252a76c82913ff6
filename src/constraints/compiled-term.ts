import { definitionOf, isTrap, type SynthesizedFunction, type Term, type Value } from "../../dsl/index.ts";
import { InexactError } from "./linear.ts";

/** A term over values by position. The array has room for the terms with names behind the variables. */
type Compiled = (values: Value[]) => Value;

/** A truth about values of variables and a function, made ready to be asked often. */
export class CompiledTruth {
  readonly #run: Compiled;
  readonly #slots: number;
  #function: SynthesizedFunction = () => 0;

  /** @param names of the variables, in the order of values */
  constructor(term: Term, names: readonly string[]) {
    let slots = names.length;
    const bodies = new Map<object, { readonly first: number; readonly run: Compiled }>();
    const compile = (part: Term, scope: ReadonlyMap<string, number>): Compiled => {
      switch (part.kind) {
        case "value": {
          const { value } = part;
          return () => value;
        }
        case "variable": {
          const slot = scope.get(part.name) as number;
          return (values) => values[slot] as Value;
        }
        case "let": {
          const inner = new Map(scope);
          const own = part.bindings.map(({ name, term: given }) => {
            const run = compile(given, scope);
            inner.set(name, slots);
            return { slot: slots++, run };
          });
          const run = compile(part.body, inner);
          return (values) => {
            for (const { slot, run: given } of own) values[slot] = given(values);
            return run(values);
          };
        }
        case "call": {
          const given = part.arguments.map((argument) => compile(argument, scope));
          return (values) => checked(this.#function(...given.map((run) => run(values))));
        }
        case "application": {
          const given = part.arguments.map((argument) => compile(argument, scope));
          const definition = definitionOf(part.row);
          if (definition !== undefined) {
            let body = bodies.get(definition);
            if (body === undefined) {
              const first = slots;
              slots += definition.parameters.length;
              const own = new Map(definition.parameters.map(({ name }, k) => [name, first + k]));
              body = { first, run: compile(definition.body, own) };
              bodies.set(definition, body);
            }
            const { first, run } = body;
            // All arguments before any has its place: they may use the same function.
            return (values) => {
              const outcomes = given.map((argument) => argument(values));
              for (let k = 0; k < outcomes.length; k++) values[first + k] = outcomes[k] as Value;
              return run(values);
            };
          }
          const [a, b, c] = given as unknown as readonly [Compiled, Compiled, Compiled];
          switch (part.row.name) {
            case "and":
              return (values) => (a(values) === true ? b(values) : false);
            case "or":
              return (values) => (a(values) === true ? true : b(values));
            case "=>":
              return (values) => (a(values) === true ? b(values) : true);
            case "ite":
              return (values) => (a(values) === true ? b(values) : c(values));
          }
          const { apply } = part.row;
          if (given.length === 1) return (values) => checked(apply(a(values)));
          if (given.length === 2) return (values) => checked(apply(a(values), b(values)));
          return (values) => checked(apply(...given.map((run) => run(values))));
        }
      }
    };
    this.#run = compile(term, new Map(names.map((name, k) => [name, k])));
    this.#slots = slots;
  }

  /** @throws InexactError where integers get too large */
  holds(values: readonly Value[], synthesized: SynthesizedFunction): boolean {
    this.#function = synthesized;
    const room: Value[] = [...values];
    room.length = this.#slots;
    return this.#run(room) === true;
  }
}

function checked(outcome: unknown): Value {
  if (isTrap(outcome) || (typeof outcome === "number" && !Number.isSafeInteger(outcome)))
    throw new InexactError();
  return outcome as Value;
}

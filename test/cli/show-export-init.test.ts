import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transform } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { outcomeText, type Value } from "../../src/index.ts";
import { type ShippedExperiment, shippedExperiments } from "./interruptions.ts";
import { illume, settings, temporaryFolder, type Told, told } from "./program.ts";

interface Elite {
  readonly program: string;
  readonly fitness: number;
  readonly size: number;
  readonly operations: number;
  readonly descriptor: Readonly<Record<string, number>>;
  readonly cell: readonly number[];
  readonly birth: { readonly epoch: number; readonly island: number; readonly candidate: number };
  readonly casesPassed: number;
  readonly cases: readonly {
    readonly input: Record<string, Value>;
    readonly expected: Value;
    readonly outcome: string;
  }[];
}

const folder = temporaryFolder();
const results = {} as Record<ShippedExperiment, Told>;

beforeAll(async () => {
  for (const experiment of shippedExperiments)
    results[experiment] = await told(
      ["run", experiment, "--budget", "8000", ...settings({ epochCandidates: 1000 }), "--executor", "serial"],
      folder,
    );
}, 60_000);

describe("illume show", () => {
  it("draws the map, the best of each size and what the run came to", async () => {
    const { code, stdout, stderr } = await illume(["show", "quickstart"], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/│.*[█▓▒░·]/);
    expect(stdout).toMatch(/^ +1 +3 +5 .* size$/m);
    expect(stdout).toMatch(/^size {2}fitness {5}program$/m);
    expect(stdout).toContain(`digest       ${results.quickstart.digest}\n`);
    expect(await told(["show", "quickstart"], folder)).toEqual({
      ...results.quickstart,
      workers: 0,
      origin: null,
      seconds: expect.any(Number),
    });
  });

  it("shows the champion and what it does on each case", async () => {
    const { best } = results.quickstart;
    const { code, stdout } = await illume(["show", "quickstart", "--champion"], folder);
    expect(code).toBe(0);
    expect(stdout).toContain(`program      ${best.program}\n`);
    expect(stdout).toMatch(/^born {9}epoch \d+, island [0-3], candidate \d+$/m);
    expect(stdout.match(/^ {2}distance = \S+, mass = \S+ {2}→ {2}\S+ {3}expected \S+$/gm)).toHaveLength(12);
    const champion = await told<Elite>(["show", "quickstart", "--champion"], folder);
    expect(champion).toMatchObject(best);
    expect(champion.cases).toHaveLength(12);
    expect(champion.cases[2]).toMatchObject({ input: { distance: 1, mass: 1 }, expected: 1 });
  });

  it("shows the elite of a cell, by its bins, all of them", async () => {
    const { cell, ...champion } = await told<Elite>(["show", "quickstart", "--champion"], folder);
    expect(cell).toHaveLength(2);
    const byBins = await told<Elite>(["show", "quickstart", "--cell", cell.join(",")], folder);
    expect(byBins).toEqual({ cell, ...champion });
    for (const wrong of ["3", "5,"]) {
      const { code, stderr } = await illume(["show", "quickstart", "--cell", wrong], folder);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: `illume: --cell must be a bin of size from 0 to 19, then a bin of fitness from 0 to 19; got ${wrong}.\n`,
      });
    }
    const text = await illume(["show", "quickstart", "--cell", cell.join(",")], folder);
    expect(text.stdout).toContain(`program      ${champion.program}\n`);
  });

  it("says so where a cell is empty", async () => {
    // No program of a single node is nearly right.
    expect(await illume(["show", "quickstart", "--cell", "0,19"], folder)).toMatchObject({
      code: 0,
      stdout: "this cell is empty\n",
    });
    expect(await told<null>(["show", "quickstart", "--cell", "0,19"], folder)).toBeNull();
  });

  it("shows the programs that no smaller one equals", async () => {
    const front = await told<Elite[]>(["show", "quickstart", "--pareto"], folder);
    expect(front.length).toBeGreaterThan(2);
    front.slice(1).forEach((elite, i) => {
      expect(elite.size).toBeGreaterThan((front[i] as Elite).size);
      expect(elite.fitness).toBeGreaterThan((front[i] as Elite).fitness);
    });
    const { stdout } = await illume(["show", "quickstart", "--pareto"], folder);
    const [head, ...rows] = stdout.trimEnd().split("\n");
    expect(head).toBe("size  operations  fitness     program");
    expect(rows.map((row) => row.slice(30))).toEqual(front.map((elite) => elite.program));
  });
});

describe("illume ls", () => {
  it("lists the runs", async () => {
    const rows = await told<{ run: string; digest: string; budget: number }[]>(["ls"], folder);
    expect(rows.map(({ run, digest }) => ({ run, digest }))).toEqual(
      ["dates", "lists", "parity", "quickstart"].map((name) => {
        const { run, digest } = results[name as ShippedExperiment];
        return { run, digest };
      }),
    );
    const { code, stdout } = await illume(["ls"], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^run +stop +candidates +best$/m);
    for (const { run } of rows) expect(stdout).toContain(run);
  });

  it("says how to get one where there are none", async () => {
    expect(await illume(["ls", "--runs", "none"], folder)).toMatchObject({
      code: 0,
      stdout: "no runs in none yet; illume run quickstart --runs none makes one\n",
    });
    expect(await told<unknown[]>(["ls", "--runs", "none"], folder)).toEqual([]);
  });
});

describe.each(shippedExperiments)("illume export %s", (experiment) => {
  it.each(["typescript", "javascript"])("to %s gives the values of the champion", async (to) => {
    const { code, stdout, stderr } = await illume(["export", experiment, "--to", to], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const claim of [
      `experiment: ${experiment}`,
      "seed: 1",
      `archive digest: ${results[experiment].digest}`,
      `run: ${results[experiment].run}`,
    ])
      expect(stdout).toContain(` * ${claim}\n`);
    const out = join(folder, `${experiment}.${to === "typescript" ? "ts" : "mjs"}`);
    expect(
      await illume(["export", experiment, "--to", to, "--out", out, "--name", "answer"], folder),
    ).toMatchObject({
      code: 0,
      stdout: `written to ${out}\n`,
    });
    expect(readFileSync(out, "utf8")).toBe(
      stdout
        .replace(`function ${experiment}(`, "function answer(")
        .replace(`function: ${experiment}\n`, "function: answer\n"),
    );

    const module = join(folder, `${experiment}-${to}.mjs`);
    const source = readFileSync(out, "utf8");
    writeFileSync(module, to === "typescript" ? (await transform(source, { loader: "ts" })).code : source);
    const { answer } = (await import(pathToFileURL(module).href)) as {
      answer: (...inputs: Value[]) => Value;
    };
    const { cases } = await told<Elite>(["show", experiment, "--champion"], folder);
    for (const { input, outcome } of cases) {
      let value: string;
      try {
        value = outcomeText(answer(...Object.values(input)));
      } catch (error) {
        value = (error as Error).message;
      }
      expect(value).toBe(outcome);
    }
  });

  it("tells of it with --json", async () => {
    const exported = await told<Record<string, unknown>>(
      ["export", experiment, "--to", "javascript"],
      folder,
    );
    expect(exported).toMatchObject({
      run: results[experiment].run,
      to: "javascript",
      name: experiment,
      program: results[experiment].best.program,
      file: null,
      code: expect.stringContaining(`function ${experiment}(`),
    });
  });
});

describe("illume init", () => {
  const files = [
    "experiments/first.ts",
    "experiments/csv.d.ts",
    "illume.config.json",
    "package.json",
    ".gitignore",
  ];
  const contents = (place: string): Record<string, string> =>
    Object.fromEntries(files.map((file) => [file, readFileSync(join(place, file), "utf8")]));
  const emptyFolder = (name: string): string => {
    const place = join(folder, name);
    mkdirSync(place);
    return place;
  };

  it("writes an experiment, and the command that it prints works", async () => {
    const place = emptyFolder("empty");
    const { code, stdout, stderr } = await illume(["init"], place);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const file of files) expect(stdout).toContain(`wrote        ${file}\n`);
    const command = /^now: {9}npx illume (.+)$/m.exec(stdout)?.[1];
    expect(command).toBe("run experiments/first.ts");
    expect(JSON.parse(readFileSync(join(place, "package.json"), "utf8"))).toMatchObject({
      scripts: { start: `illume ${command}` },
      dependencies: { illume: expect.any(String) },
    });
    const result = await told([...(command as string).split(" "), "--budget", "20000"], place);
    expect(result.run).toMatch(/^first-1-/);
    expect(result.best.fitness).toBeGreaterThan(1);
    expect(existsSync(join(place, "runs", result.run))).toBe(true);
  });

  it("keeps what is there", async () => {
    const place = emptyFolder("used");
    writeFileSync(join(place, "package.json"), '{ "name": "mine", "scripts": { "start": "mine" } }');
    writeFileSync(join(place, ".gitignore"), "mine\n");
    const first = await told<{ written: string[]; kept: string[] }>(["init"], place);
    expect(first.written).toEqual([
      "experiments/first.ts",
      "experiments/csv.d.ts",
      "illume.config.json",
      "package.json",
    ]);
    expect(JSON.parse(readFileSync(join(place, "package.json"), "utf8"))).toMatchObject({
      name: "mine",
      scripts: { start: "mine" },
    });
    expect(readFileSync(join(place, ".gitignore"), "utf8")).toBe("mine\n");

    writeFileSync(join(place, "experiments/first.ts"), "// mine\n");
    writeFileSync(join(place, "illume.config.json"), '{ "seed": "mine" }');
    const before = contents(place);
    const again = await illume(["init"], place);
    expect(again.code).toBe(0);
    for (const file of files.slice(0, 4)) expect(again.stdout).toContain(`kept         ${file}\n`);
    expect(again.stdout).not.toContain("wrote");
    expect(contents(place)).toEqual(before);
  });

  it("refuses a package.json that is none, and writes nothing", async () => {
    const place = emptyFolder("broken");
    writeFileSync(join(place, "package.json"), "{ name: mine }");
    const { code, stdout, stderr } = await illume(["init"], place);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^illume: package\.json must be JSON; .*\.\n$/);
    expect(existsSync(join(place, "experiments"))).toBe(false);
  });
});

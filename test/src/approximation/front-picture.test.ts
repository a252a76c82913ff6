import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FrontPicture, frontPicture } from "../../../src/approximation/front-picture.ts";

const picture: FrontPicture = {
  title: 'a < b & "c" > d',
  xLabel: "operations",
  yLabel: "largest error",
  series: [
    {
      name: "minimax <polynomial>",
      emphasised: false,
      points: [
        { operations: 2, error: 2.98e-2 },
        { operations: 4, error: 1.72e-3 },
      ],
    },
    {
      name: "discovered",
      emphasised: true,
      points: [
        { operations: 7, error: 5.64e-10 },
        { operations: 2, error: 2.98e-2 },
        { operations: 3, error: 3e-2 },
      ],
    },
  ],
};

/** Checks that tags nest and that text and attributes hold no bare < or &; gives the names of all elements. */
function elementsOf(xml: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  const rest = xml.replace(
    /<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>/g,
    (_, close, name, attributes, empty) => {
      expect(attributes).not.toMatch(/&(?!(?:amp|lt|gt|quot|apos);)/);
      if (close === "/") expect(open.pop()).toBe(name);
      else {
        names.push(name);
        if (empty !== "/") open.push(name);
      }
      return "";
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<]|&(?!(?:amp|lt|gt|quot|apos);)/);
  return names;
}

describe("the picture of a front", () => {
  it("is XML of its own, with one root and no script", () => {
    const xml = frontPicture(picture);
    expect(xml).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /);
    const names = elementsOf(xml);
    expect(names.filter((name) => name === "svg")).toHaveLength(1);
    expect(names).not.toContain("script");
    expect(xml).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("shows every point, with its numbers when it is pointed at", () => {
    const tips = frontPicture(picture).match(/<title>[^<]*operations, [^<]*<\/title>/g);
    expect(tips).toEqual([
      "<title>minimax &lt;polynomial&gt;: 2 operations, 2.98e-2</title>",
      "<title>minimax &lt;polynomial&gt;: 4 operations, 1.72e-3</title>",
      "<title>discovered: 2 operations, 2.98e-2</title>",
      "<title>discovered: 3 operations, 3.00e-2</title>",
      "<title>discovered: 7 operations, 5.64e-10</title>",
    ]);
  });

  it("draws the emphasised line through the front only", () => {
    const [line] = frontPicture(picture).match(/<path d="M[^"]*" fill="none"[^>]*dasharray/) as [string];
    expect(line.match(/L/g)).toHaveLength(1);
  });

  it("writes title and names as text", () => {
    const xml = frontPicture(picture);
    expect(xml).toContain("<title>a &lt; b &amp; &quot;c&quot; &gt; d</title>");
    expect(xml).toContain(">minimax &lt;polynomial&gt;</text>");
  });

  it("puts smaller errors lower, and labels decades", () => {
    const xml = frontPicture(picture);
    const heights = [...xml.matchAll(/translate\([\d.]+ ([\d.]+)\)[^>]*><title>discovered/g)].map(([, y]) =>
      Number(y),
    );
    expect(heights).toHaveLength(3);
    expect(heights[2]).toBeGreaterThan(heights[0] as number);
    expect(xml).toMatch(/>10<tspan[^>]*>\u22121<\/tspan>/);
    expect(xml).toMatch(/>10<tspan[^>]*>\u221210<\/tspan>/);
  });

  it("draws what is exact at the bottom, and says so", () => {
    const exact = {
      name: "found",
      points: [
        { operations: 3, error: 1e-5 },
        { operations: 5, error: 0 },
      ],
      emphasised: true,
    };
    const xml = frontPicture({ ...picture, series: [exact] });
    const [, bottom] = /y="([\d.]+)"[^>]*>exact<\/text>/.exec(xml) ?? [];
    const [, height] = /translate\([\d.]+ ([\d.]+)\)[^>]*><title>found: 5 operations, exact</.exec(xml) ?? [];
    expect(height).toBe(bottom);
    expect(frontPicture(picture)).not.toContain(">exact<");
  });

  it("is the same every time, and well-formed whatever it is given", () => {
    expect(frontPicture(picture)).toBe(frontPicture(picture));
    const text = fc.string({ unit: "binary", maxLength: 60 });
    const series = fc.record({
      name: text,
      emphasised: fc.boolean(),
      points: fc.array(fc.record({ operations: fc.integer({ min: 0, max: 400 }), error: fc.double() }), {
        maxLength: 6,
      }),
    });
    fc.assert(
      fc.property(
        fc.record({ title: text, xLabel: text, yLabel: text, series: fc.array(series, { maxLength: 12 }) }),
        (any) => {
          const xml = frontPicture(any);
          elementsOf(xml);
          expect(xml).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
          expect(xml).not.toMatch(/(?:x|y|d|width|height)="[^"]*(?:NaN|undefined|Infinity)/);
        },
      ),
    );
  });
});

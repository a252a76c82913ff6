import { coordinate } from "./svg-text.ts";

/** How a series is drawn: told apart by colour and by shape, since some people see few colours. */
export interface PlotStyle {
  readonly colour: string;
  /** An outline about the origin, some ten units wide. */
  readonly outline: string;
}

/** For the series that a picture is about. */
export const emphasisedStyle: PlotStyle = {
  colour: "#c2185b",
  outline: "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0Z",
};

/** Dark enough for a white ground; after the colours of M. Okabe and K. Ito (2002). */
const styles: readonly PlotStyle[] = [
  { colour: "#0072b2", outline: "M-4 -4H4V4H-4Z" },
  { colour: "#00855f", outline: "M0 -5.4L5.4 0L0 5.4L-5.4 0Z" },
  { colour: "#b35900", outline: "M0 -5L4.8 3.6H-4.8Z" },
  { colour: "#6f4aa8", outline: "M0 5L4.8 -3.6H-4.8Z" },
  { colour: "#7a4a2b", outline: "M-4.2 -4.2L4.2 4.2M-4.2 4.2L4.2 -4.2" },
  { colour: "#8a6d00", outline: "M-5 0H5M0 -5V5" },
  { colour: "#5f6670", outline: "M-4.4 0A4.4 4.4 0 1 1 4.4 0A4.4 4.4 0 1 1 -4.4 0Z" },
  { colour: "#a8433c", outline: "M0 -5.2L4.9 -1.6L3.1 4.2H-3.1L-4.9 -1.6Z" },
];

/** The style of the k-th series that is not emphasised; after some they come again. */
export const styleOf = (k: number): PlotStyle => styles[k % styles.length] as PlotStyle;

/** A marker at a place, with a text that shows when it is pointed at. */
export function marker(
  { colour, outline }: PlotStyle,
  x: number,
  y: number,
  isFilled: boolean,
  title = "",
): string {
  const fill = isFilled ? colour : "#ffffff";
  const tip = title === "" ? "" : `<title>${title}</title>`;
  return `<path d="${outline}" transform="translate(${coordinate(x)} ${coordinate(y)})" fill="${fill}" stroke="${colour}" stroke-width="1.5">${tip}</path>`;
}

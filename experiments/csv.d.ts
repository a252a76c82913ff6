/** Data files that experiments import become strings in the bundle. */
declare module "*.csv" {
  const text: string;
  export default text;
}

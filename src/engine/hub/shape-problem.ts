/** A text that is JSON and not what the Hub sends. */
export class ShapeProblem extends Error {
  override readonly name = 'ShapeProblem';
}

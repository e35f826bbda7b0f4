/** A text that is JSON but not what the Hub sends. */
export class ShapeProblem extends Error {
  override readonly name = 'ShapeProblem';
}

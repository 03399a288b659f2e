/** Why nothing, or not all, could be measured; for people. Bugs are plain errors instead. */
export class BenchFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BenchFailure';
  }
}

/** The app cannot start as it is set up. For an operator: the message names the cure, and a stack would only hide it. */
export class BootError extends Error {
  constructor(message: string) {
    super(`RegStack refuses to start, ${message}`);
    this.name = new.target.name;
    this.stack = `${this.name}: ${this.message}`;
  }
}

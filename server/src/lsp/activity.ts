/** Whether the server has been at work for longer than a keystroke's worth. */

/** Milliseconds before work counts as such: a flicker tells nobody anything. */
const patience = 300;

export class Activity {
  readonly #onChange: () => void;
  #underway = 0;
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;

  /** `onChange` is called when `isBusy` becomes another. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Work begins; the result ends it. */
  begin(): () => void {
    this.#underway++;
    this.#timer ??= setTimeout(() => this.#set(true), patience).unref();
    return () => {
      this.#underway--;
      if (this.#underway > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#set(false);
    };
  }

  #set(isBusy: boolean): void {
    if (this.#isBusy === isBusy) return;
    this.#isBusy = isBusy;
    this.#onChange();
  }
}

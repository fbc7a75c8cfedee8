/** The search for courses of relations that are not known yet: at once as long as nobody notices, and in slices after that. */
import { finished, type Scene } from "./scene.ts";

/** Milliseconds of a search that nobody notices. */
const atOnce = 24;
/** Of one piece of a longer one. */
const slice = 10;

export class Courses {
  #waiting: ReturnType<typeof setTimeout> | undefined;

  /** The scene with all of its courses, or as it is: `found` is then called with them later. `isFirst`: boxes are to be seen before anything is searched for. */
  search(scene: Scene, isFirst: boolean, found: (scene: Scene) => void): Scene {
    clearTimeout(this.#waiting);
    if (!scene.isUnfinished) return scene;
    const steps = finished(scene);
    const until = (end: number): Scene | undefined => {
      do {
        const { done, value } = steps.next();
        if (done === true) return value;
      } while (performance.now() < end);
      return undefined;
    };
    const goOn = (): void => {
      const whole = until(performance.now() + slice);
      if (whole === undefined) this.#waiting = setTimeout(goOn);
      else found(whole);
    };
    const whole = isFirst ? undefined : until(performance.now() + atOnce);
    if (whole === undefined) this.#waiting = setTimeout(goOn);
    return whole ?? scene;
  }
}

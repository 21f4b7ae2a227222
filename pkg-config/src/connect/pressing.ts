/** Whether a pointer is down: what appears while a button is being pressed would move the button away. */
export class Pressing {
  #isDown = false;
  #waiting: (() => void)[] = [];

  listen(signal: AbortSignal): void {
    const options = { capture: true, signal };
    addEventListener("pointerdown", () => (this.#isDown = true), options);
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => this.#release(), options);
  }

  /** Runs `work` now, or after the click that is under way. */
  whenReleased(work: () => void): void {
    if (this.#isDown) this.#waiting.push(work);
    else work();
  }

  #release(): void {
    this.#isDown = false;
    // The click itself comes after this event.
    setTimeout(() => {
      for (const work of this.#waiting.splice(0)) work();
    });
  }
}

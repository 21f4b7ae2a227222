let pressed = false;
const waiting: (() => void)[] = [];

addEventListener("pointerdown", () => (pressed = true), { capture: true });
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, released, { capture: true });

/** Runs `work` now, or after the click that is under way. */
export function whenReleased(work: () => void): void {
  if (pressed) waiting.push(work);
  else work();
}

function released(): void {
  pressed = false;
  // The click itself comes after this event.
  setTimeout(() => {
    for (const work of waiting.splice(0)) work();
  });
}

/** As the end user has it: a window of a phone's size, which knows nothing of this one. */
export function openPhone(url: string): void {
  open(url, "_blank", "noopener,popup,width=390,height=844");
}

// What hangs on an earlier answer appears when that answer is given. Without this the server asks it on the next round, so
// nothing here decides anything: it shows, hides, and says which questions stood there.

function values(form: HTMLFormElement, name: string): string[] {
  const all = new FormData(form);
  const parts = [...all.keys()].filter((key) => key === name || key.startsWith(`${name}-`));
  return [...new Set(parts)].flatMap((key) => all.getAll(key)).map(String).filter((value) => value !== '');
}

function arrange(form: HTMLFormElement): void {
  const asked = [...form.querySelectorAll<HTMLElement>('.asked')];
  // In the order of the page, so that what hangs on a hidden question is hidden with it.
  for (const one of asked) {
    const on = one.dataset['when'];
    if (!on) continue;
    const earlier = form.querySelector<HTMLElement>(`.asked[data-name="${CSS.escape(on)}"]`);
    // Of an earlier page: settled when this one was drawn.
    if (!earlier) continue;
    const any = (one.dataset['any'] ?? '').split(' ').filter((code) => code !== '');
    const given = earlier.hidden ? [] : values(form, on);
    one.hidden = any.length > 0 ? !given.some((value) => any.includes(value)) : given.length === 0;
  }
  const shown = form.querySelector<HTMLInputElement>('input[name="shown"]');
  if (shown) shown.value = asked.filter((one) => !one.hidden).map((one) => one.dataset['name']?.slice(1)).join(',');
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-hangs]')) {
  form.addEventListener('input', () => arrange(form));
  form.addEventListener('change', () => arrange(form));
  arrange(form);
}

import { isTyping } from './typing';

const SWITCH = 'kring-keys';

/** Single letters as commands can be switched off (WCAG 2.1.4): who speaks to the computer would
    otherwise set off a dozen at once. The choice stays on this computer. */
function lettersOn(): boolean {
  return localStorage.getItem(SWITCH) !== 'off';
}

function search(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>('.search input');
}

function press(key: string): boolean {
  const target = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return false;
  if (target.matches('input, textarea, select')) target.focus();
  else target.click();
  return true;
}

function help(): void {
  const dialog = document.querySelector<HTMLDialogElement>('#keys');
  const box = dialog?.querySelector<HTMLInputElement>('#keys-on');
  if (box) {
    box.checked = lettersOn();
    box.onchange = () => localStorage.setItem(SWITCH, box.checked ? 'on' : 'off');
  }
  if (dialog && !dialog.open) dialog.showModal();
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    search()?.focus();
    search()?.select();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector('dialog[open]')) return;
  if (event.key === '?') {
    help();
  } else if (!lettersOn()) {
    return;
  } else if (event.key === '/') {
    search()?.focus();
  } else if (!/^[a-z]$/.test(event.key) || !press(event.key)) {
    return;
  }
  event.preventDefault();
});

/** A list to walk through with j and k. With the attribute `open` the next one opens at once, as in the
    inbox; otherwise it gets the focus, and Enter opens it. */
class Keys extends HTMLElement {
  #listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || !lettersOn() || document.querySelector('dialog[open]')) return;
    const step = { j: 1, k: -1 }[event.key];
    if (!step) return;
    const items = [...this.querySelectorAll<HTMLElement>('a.item, [data-item]')];
    const focused = items.indexOf(document.activeElement as HTMLElement);
    const here = focused >= 0 ? focused : items.findIndex((item) => item.hasAttribute('aria-current'));
    const next = items[Math.min(Math.max(here + step, 0), items.length - 1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: 'nearest' });
    if (this.hasAttribute('open')) next.click();
  };

  connectedCallback(): void {
    document.addEventListener('keydown', this.#listen);
  }

  disconnectedCallback(): void {
    document.removeEventListener('keydown', this.#listen);
  }
}

customElements.define('kring-keys', Keys);

import htmx from 'htmx.org';

/** Several events often come in one breath; one fetch answers them all. */
const BREATH_MS = 150;

/**
 * `<kring-live src="/desk/live" stale="…">`: a page that runs along. The server says which part has changed,
 * by a server-sent event with the name of a region (`data-live="queue"`) or `change` for all of them; the
 * page then fetches its own address again and takes over just those regions. So there is one way to render
 * a page, and an event carries no content that the visitor might not be allowed to see.
 */
class Live extends HTMLElement {
  #source: EventSource | undefined;
  #due = new Set<string>();
  #timer: number | undefined;

  connectedCallback(): void {
    document.addEventListener('visibilitychange', this.#look);
    this.#open();
  }

  disconnectedCallback(): void {
    document.removeEventListener('visibilitychange', this.#look);
    this.#close();
  }

  /** A tab that nobody sees gives its connection back: a browser has only a few for each site. */
  #look = (): void => {
    if (document.hidden) {
      this.#close();
    } else if (!this.#source) {
      this.#open();
      this.#want('change');
    }
  };

  #open(): void {
    const address = this.getAttribute('src');
    if (!address || document.hidden) return;
    const source = new EventSource(address);
    const names = new Set([...regions(document)].map((region) => region.dataset['live'] ?? ''));
    for (const name of [...names, 'change']) {
      if (name) source.addEventListener(name, () => this.#want(name));
    }
    // The browser reconnects by itself; it gives up only when the server says no, say after signing out.
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED) this.#tellStale();
    });
    this.#source = source;
  }

  #close(): void {
    this.#source?.close();
    this.#source = undefined;
    window.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #want(name: string): void {
    this.#due.add(name);
    this.#timer ??= window.setTimeout(() => void this.#refresh(), BREATH_MS);
  }

  async #refresh(): Promise<void> {
    const due = this.#due;
    this.#due = new Set();
    this.#timer = undefined;
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => undefined);
    if (!answer?.ok || answer.redirected || !this.isConnected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const region of regions(document)) {
      const name = region.dataset['live'] ?? '';
      const next = fresh.querySelector<HTMLElement>(`[data-live="${CSS.escape(name)}"]`);
      if (next && (due.has(name) || due.has('change')) && next.outerHTML !== region.outerHTML)
        swap(region, next);
    }
  }

  #tellStale(): void {
    this.#close();
    const text = this.getAttribute('stale');
    if (!text || this.querySelector('.stale')) return;
    const notice = document.createElement('p');
    notice.className = 'notice sun slim stale';
    notice.setAttribute('role', 'status');
    notice.textContent = text;
    this.prepend(notice);
  }
}

function regions(within: Document): NodeListOf<HTMLElement> {
  return within.querySelectorAll<HTMLElement>('[data-live]');
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Puts the new region in place of the old one; what was typed, the focus and the scroll position stay. */
function swap(old: HTMLElement, next: HTMLElement): void {
  const typed = [...fields(old)].filter(isTouched);
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  const path = active ? pathTo(active, old) : '';
  const caret =
    active instanceof HTMLTextAreaElement || (active instanceof HTMLInputElement && active.type === 'text')
      ? ([active.selectionStart, active.selectionEnd] as const)
      : undefined;
  const scroll = old.scrollTop;
  old.replaceWith(next);
  next.scrollTop = scroll;
  for (const field of typed) {
    const twin = twinOf(field, next);
    if (twin instanceof HTMLInputElement && field instanceof HTMLInputElement && isBox(field))
      twin.checked = field.checked;
    else if (twin) twin.value = field.value;
  }
  if (path) {
    const again = next.querySelector<HTMLElement>(path);
    again?.focus({ preventScroll: true });
    if (caret && (again instanceof HTMLTextAreaElement || again instanceof HTMLInputElement))
      again.setSelectionRange(...caret);
  }
  htmx.process(next);
}

function fields(within: HTMLElement): NodeListOf<Field> {
  return within.querySelectorAll<Field>('input[name], textarea[name], select[name]');
}

function isBox(field: HTMLInputElement): boolean {
  return field.type === 'checkbox' || field.type === 'radio';
}

function isTouched(field: Field): boolean {
  if (field instanceof HTMLSelectElement)
    return [...field.options].some((o) => o.selected !== o.defaultSelected);
  if (field instanceof HTMLInputElement && field.type === 'hidden') return false;
  if (field instanceof HTMLInputElement && isBox(field)) return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}

function twinOf(field: Field, within: HTMLElement): Field | undefined {
  const sameValue = field instanceof HTMLInputElement && isBox(field);
  return [...fields(within)].find(
    (f) => f.name === field.name && f.type === field.type && (!sameValue || f.value === field.value),
  );
}

/** A way to find the same element in the new region: by id, by address, or by name. */
function pathTo(element: Element, within: HTMLElement): string {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const href = element.getAttribute('href');
  if (href && within.contains(element)) return `a[href="${CSS.escape(href)}"]`;
  const name = element.getAttribute('name');
  return name ? `[name="${CSS.escape(name)}"]` : '';
}

customElements.define('kring-live', Live);

import htmx from 'htmx.org';

/** While somebody types the count follows; a pause this long is the end of a word. */
const PAUSE_MS = 120;

/**
 * `<kring-sentence>` around the builder of a segment: whenever something in its form changes, the form is sent as its
 * button *update* would send it, and the regions that the answer marks with `data-live` are taken over. A select that
 * decides which fields follow (`data-shape`) takes the whole sentence over; the rest only what was counted, so that the
 * field one types in stays as it is. Without script the buttons do the same.
 */
class Sentence extends HTMLElement {
  #timer: number | undefined;
  #asked: AbortController | undefined;

  connectedCallback(): void {
    this.addEventListener('input', this.#changed);
    this.addEventListener('change', this.#changed);
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.#timer);
    this.#asked?.abort();
  }

  #changed = (event: Event): void => {
    const target = event.target;
    if (!(target instanceof HTMLElement) || !target.closest('form')) return;
    if (target.dataset['quiet'] !== undefined) return;
    const shape = target.dataset['shape'] !== undefined;
    if (event.type === 'input' && shape) return;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(shape, target.id), shape ? 0 : PAUSE_MS);
  };

  async #ask(shape: boolean, focus: string): Promise<void> {
    const form = this.querySelector('form');
    if (!form) return;
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
    body.set('op', 'update');
    try {
      const answer = await fetch(form.action, { method: 'POST', body, signal: asked.signal, headers: { accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const region of page.querySelectorAll<HTMLElement>('[data-live]')) {
        const name = region.dataset['live'] ?? '';
        if (name === 'sentence' && !shape) continue;
        const here = document.querySelector<HTMLElement>(`[data-live="${name}"]`);
        if (here) {
          here.innerHTML = region.innerHTML;
          htmx.process(here);
        }
      }
      if (!shape) this.#numbers(page);
      else if (focus) document.getElementById(focus)?.focus();
    } catch (why) {
      if (!(why instanceof DOMException && why.name === 'AbortError')) throw why;
    }
  }

  /** The counts and remarks beside the parts, while their fields stay. */
  #numbers(page: Document): void {
    for (const count of this.querySelectorAll<HTMLElement>('[data-part]')) {
      const now = page.querySelector(`[data-part="${count.dataset['part'] ?? ''}"]`);
      count.innerHTML = now?.innerHTML ?? '';
    }
  }
}

customElements.define('kring-sentence', Sentence);

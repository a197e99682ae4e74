/** What somebody means, as they type: a list under a search field, fetched from the server as it would show it. */

const WAIT_MS = 90;

/**
 * `<kring-suggest src="/search/suggest">` around a field. The list is the server's own HTML, so there is one way to show
 * a person; links lead on, and with `pick` they put their value into the field instead. The pattern is the combobox of
 * WAI-ARIA: the field keeps the focus, arrows move through the list, Escape closes it.
 */
class Suggest extends HTMLElement {
  #field: HTMLInputElement | null = null;
  #list: HTMLDivElement | null = null;
  #timer: number | undefined;
  #asked: AbortController | undefined;
  #at = -1;

  connectedCallback(): void {
    this.#field = this.querySelector('input');
    if (!this.#field) return;
    // A page that is morphed into the next takes the roles off, at a moment of its own.
    this.#dresser.observe(this.#field, { attributeFilter: ['role'] });
    if (this.#list) return;
    this.#list = document.createElement('div');
    this.#list.className = 'suggestions';
    this.#list.id = `${this.#field.id || 'field'}-suggestions`;
    this.#list.hidden = true;
    this.#list.setAttribute('role', 'listbox');
    this.#list.setAttribute('aria-label', this.#field.labels?.[0]?.textContent?.trim() || this.#field.getAttribute('aria-label') || this.#field.placeholder);
    this.append(this.#list);
    this.#dress();
    this.#field.addEventListener('input', this.#typed);
    this.#field.addEventListener('keydown', this.#pressed);
    this.addEventListener('focusout', this.#left);
    this.#list.addEventListener('click', this.#clicked);
  }

  #dresser = new MutationObserver(() => {
    if (this.#field?.getAttribute('role') !== 'combobox') this.#dress();
  });

  /** What the field is to a screen reader. */
  #dress(): void {
    if (!this.#field || !this.#list) return;
    this.#field.setAttribute('role', 'combobox');
    this.#field.setAttribute('aria-autocomplete', 'list');
    this.#field.setAttribute('aria-expanded', String(!this.#list.hidden));
    this.#field.setAttribute('aria-controls', this.#list.id);
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.#timer);
    this.#asked?.abort();
    this.#dresser.disconnect();
  }

  #typed = (): void => {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(), WAIT_MS);
  };

  async #ask(): Promise<void> {
    const words = this.#field?.value.trim() ?? '';
    this.#asked?.abort();
    if (words.length < 2) {
      this.#close();
      return;
    }
    this.#asked = new AbortController();
    try {
      const answer = await fetch(`${this.getAttribute('src')}?q=${encodeURIComponent(words)}`, {
        signal: this.#asked.signal,
        headers: { accept: 'text/html' },
      });
      // Signed out meanwhile, or something broke: the plain search behind Enter still works and says so.
      if (!answer.ok || answer.redirected) return this.#close();
      this.#show(await answer.text());
    } catch {
      // A newer question took its place.
    }
  }

  #show(html: string): void {
    if (!this.#list || document.activeElement !== this.#field) return;
    this.#list.innerHTML = html;
    this.#at = -1;
    this.#items().forEach((item, at) => {
      item.id = `${this.#list?.id}-${at}`;
      item.tabIndex = -1;
      // In a list of choices nothing stands between the list and its choices.
      item.setAttribute('role', 'option');
      item.setAttribute('aria-selected', 'false');
    });
    this.#list.querySelectorAll('ul, li, p').forEach((between) => between.setAttribute('role', 'presentation'));
    this.#list.hidden = false;
    this.#field?.setAttribute('aria-expanded', 'true');
    this.#field?.removeAttribute('aria-activedescendant');
  }

  #items(): HTMLAnchorElement[] {
    return [...(this.#list?.querySelectorAll<HTMLAnchorElement>('a') ?? [])];
  }

  #pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      if (!this.#list?.hidden) event.preventDefault();
      this.#close();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const items = this.#items();
    if (step && items.length > 0 && !this.#list?.hidden) {
      event.preventDefault();
      // Up from the field is the last of the list.
      const from = this.#at < 0 && step < 0 ? 0 : this.#at;
      this.#at = (from + step + items.length) % items.length;
      items.forEach((item, at) => {
        item.classList.toggle('here', at === this.#at);
        item.setAttribute('aria-selected', String(at === this.#at));
      });
      const here = items[this.#at];
      here?.scrollIntoView({ block: 'nearest' });
      if (here) this.#field?.setAttribute('aria-activedescendant', here.id);
    } else if (event.key === 'Enter' && this.#at >= 0) {
      event.preventDefault();
      items[this.#at]?.click();
    }
  };

  #clicked = (event: MouseEvent): void => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a');
    const value = link?.dataset.value;
    if (this.hasAttribute('pick') && value && this.#field) {
      event.preventDefault();
      this.#field.value = value;
      this.#field.focus();
    }
    this.#close();
  };

  #left = (event: FocusEvent): void => {
    if (!this.contains(event.relatedTarget as Node | null)) window.setTimeout(() => this.#close(), 120);
  };

  #close(): void {
    if (!this.#list) return;
    this.#list.hidden = true;
    this.#field?.setAttribute('aria-expanded', 'false');
    this.#field?.removeAttribute('aria-activedescendant');
  }
}

customElements.define('kring-suggest', Suggest);

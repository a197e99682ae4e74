// Menus are `<details>`, so they work without this; here they also close by a click elsewhere and by Escape.

const OPEN = '.menu[open], .more > details[open]';

function close(except?: Node | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>(OPEN)) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
}

document.addEventListener('click', (event) => close(event.target as Node | null));
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const open = document.querySelector<HTMLDetailsElement>(OPEN);
  if (!open) return;
  open.open = false;
  open.querySelector('summary')?.focus();
});

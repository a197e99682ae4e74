// After a boosted visit the focus goes where a fresh page would put it: to what asks for it, else to the
// content, so that a screen reader reads on there instead of standing on a link that is gone.

document.addEventListener('htmx:after:history:push', () => {
  requestAnimationFrame(() => {
    const target =
      document.querySelector<HTMLElement>('[autofocus]') ?? document.querySelector<HTMLElement>('#main');
    target?.focus({ preventScroll: true });
    if (!location.hash) window.scrollTo(0, 0);
  });
});

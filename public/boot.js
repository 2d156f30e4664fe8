// Loads the WebAssembly and starts the islands of the page. Until it has, and if it cannot,
// every form and link works as plain HTML.
const { module, wasm } = document.getElementById('boot').dataset;
const page = document.documentElement;

// A page that comes back from the back/forward cache may show what is no longer so.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

// A link to a place in this very page leaves the menu open, which lies over it.
addEventListener('click', ({ target }) => {
  if (target.closest('a')) target.closest('[popover]')?.hidePopover();
});

// A choice that is to be remembered: the next page is made with it, and this one follows at once.
addEventListener('change', ({ target: { dataset, value } }) => {
  const name = dataset.preference;
  if (!name) return;
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${name}=${value}; Path=/; SameSite=Lax; Max-Age=31536000${secure}`;
  page.dataset[name] = value;
});

try {
  const app = await import(module);
  await app.default({ module_or_path: wasm });
  app.hydrate();
  for (const island of document.querySelectorAll('leptos-island')) {
    await app[island.dataset.component](island);
  }
  page.dataset.hydrated = '';
} catch (error) {
  console.warn('The page goes on without WebAssembly.', error);
}

// Loads the WebAssembly and starts the islands of the page. Until it has, and if it cannot,
// every form and link works as plain HTML.
const { module, wasm } = document.getElementById('boot').dataset;

// A page that comes back from the back/forward cache may show what is no longer so.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

try {
  const app = await import(module);
  await app.default({ module_or_path: wasm });
  app.hydrate();
  for (const island of document.querySelectorAll('leptos-island')) {
    await app[island.dataset.component](island);
  }
  document.documentElement.dataset.hydrated = '';
} catch (error) {
  console.warn('The page goes on without WebAssembly.', error);
}

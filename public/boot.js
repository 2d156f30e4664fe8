// Loads the WebAssembly and hydrates the islands of the page. Until then, and if that fails,
// every form and link works as plain HTML.
const { module, wasm } = document.getElementById('boot').dataset;
const page = document.documentElement;

// A page from the back/forward cache may be out of date.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

// A link to a fragment of this page would leave the menu open on top of it.
addEventListener('click', ({ target }) => {
  if (target.closest('a')) target.closest('[popover]')?.hidePopover();
});

// Preferences: the server renders the next page with them, and this page applies them at once.
addEventListener('change', ({ target: { dataset, value } }) => {
  const name = dataset.preference;
  if (!name) return;
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${name}=${value}; Path=/; SameSite=Lax; Max-Age=31536000${secure}`;
  page.dataset[name] = value;
});

// All tabs share one session: each tab tells the others whose session it has seen, and when it ends.
const { client, who, idleLeft, sessionLeft, signedOut } = page.dataset;
const after = (seconds) => Date.now() + 1000 * seconds;
const own = { client, who, at: Date.now(), until: after(idleLeft), ends: after(sessionLeft) };
const tabs = new BroadcastChannel('session');
const announce = () => tabs.postMessage(own);

// The ends only move later: each response of the server prolongs the session.
function prolong({ until, ends }) {
  page.dataset.until = own.until = Math.max(own.until, until);
  page.dataset.ends = own.ends = Math.max(own.ends, ends);
}

function onAnnounced(theirs) {
  const isOwn = theirs.client === client;
  // Their page was requested before this one, so it is theirs that is out of date.
  if (!isOwn && theirs.at < own.at) return announce();
  if (isOwn && client) prolong(theirs);
  const bar = document.getElementById('other-account');
  if (!bar) return;
  bar.firstElementChild.textContent = theirs.client
    ? `You're now logged in as ${theirs.who} in this browser. Reload to continue.`
    : "You've been logged out in this browser. Reload to continue.";
  bar.hidden = isOwn;
}

// Neither is set on an error page whose session the server could not look up.
if (client || signedOut !== undefined) {
  tabs.onmessage = ({ data }) => onAnnounced(data);
  announce();
}
if (client) {
  prolong(own);
  const { fetch } = window;
  window.fetch = async (...request) => {
    const response = await fetch(...request);
    const left = response.headers.get('session-left');
    if (left) {
      prolong({ ...own, until: after(left) });
      announce();
    }
    return response;
  };
}

// Replaces an island with a copy that has no event listeners, so that the browser handles its forms and links.
// Keeps what was typed, the focus and the caret.
function leavePlain(island) {
  const all = (root) => [...root.querySelectorAll('*')];
  const { activeElement } = document;
  const { selectionStart, selectionEnd } = activeElement;
  const at = all(island).indexOf(activeElement);
  const plain = island.cloneNode(true);
  // Nothing would hide a password that is shown, and browsers remember what is sent from a field of text.
  for (const field of plain.querySelectorAll('.password input')) field.type = 'password';
  island.replaceWith(plain);
  if (at < 0) return;
  const field = all(plain)[at];
  field.focus({ preventScroll: true });
  // Not every field has a caret.
  if (selectionStart !== null) field.setSelectionRange?.(selectionStart, selectionEnd);
}

const warn = (error) => console.warn('The page goes on without WebAssembly.', error);

// The WebAssembly has panicked, so its state is unreliable. An open dialog stays, because it may show a token.
function onError({ error, reason = error }) {
  if (!(reason instanceof WebAssembly.RuntimeError)) return;
  delete page.dataset.hydrated;
  warn(reason);
  const dialog = document.querySelector('dialog:modal');
  if (dialog) dialog.addEventListener('close', () => location.reload());
  else document.querySelectorAll('leptos-island').forEach(leavePlain);
}

// Extensions, translators and proxies may change the page. Hydration could then bind to the wrong elements
// without an error.
const isChanged = (island) => island.querySelectorAll('*').length !== Number(island.dataset.elements);

try {
  const app = await import(module);
  await app.default({ module_or_path: wasm });
  app.hydrate();
  const failures = [];
  for (const island of document.querySelectorAll('leptos-island')) {
    if (isChanged(island)) {
      failures.push('Something else has changed the page.');
      continue;
    }
    try {
      await app[island.dataset.component](island);
    } catch (error) {
      failures.push(error);
      leavePlain(island);
      // The islands after it may be fine: starts anew for them.
      app.hydrate();
    }
  }
  addEventListener('error', onError);
  addEventListener('unhandledrejection', onError);
  if (failures.length) throw failures[0];
  page.dataset.hydrated = '';
} catch (error) {
  warn(error);
}

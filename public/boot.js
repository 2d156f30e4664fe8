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

// Whose session it is and how long it lasts is one thing for all tabs: each tells the others what it hears.
const { client, who, idleLeft, sessionLeft, signedOut } = page.dataset;
const after = (seconds) => Date.now() + 1000 * seconds;
const own = { client, who, at: Date.now(), until: after(idleLeft), ends: after(sessionLeft) };
const tabs = new BroadcastChannel('session');
const tell = () => tabs.postMessage(own);

// Moments only grow: each answer of the server moves the end of a session that is not used.
function prolong({ until, ends }) {
  page.dataset.until = own.until = Math.max(own.until, until);
  page.dataset.ends = own.ends = Math.max(own.ends, ends);
}

function hear(theirs) {
  const isOwn = theirs.client === client;
  // That page was already on its way when this one was asked for: it is the one that does not know.
  if (!isOwn && theirs.at < own.at) return tell();
  if (isOwn && client) prolong(theirs);
  const bar = document.getElementById('other-account');
  if (!bar) return;
  bar.firstElementChild.textContent = theirs.client
    ? `You're now logged in as ${theirs.who} in this browser. Reload to continue.`
    : "You've been logged out in this browser. Reload to continue.";
  bar.hidden = isOwn;
}

// If the server could not find out who asks for a page, nobody is told anything.
if (client || signedOut !== undefined) {
  tabs.onmessage = ({ data }) => hear(data);
  tell();
}
if (client) {
  prolong(own);
  const ask = fetch;
  window.fetch = async (...request) => {
    const answer = await ask(...request);
    const left = answer.headers.get('session-left');
    if (left) {
      prolong({ ...own, until: after(left) });
      tell();
    }
    return answer;
  };
}

// Puts in the place of an island what the browser makes of the same elements by itself: nothing of ours
// listens to them. What was typed is kept, and so is the place where it is being typed.
function leavePlain(island) {
  const all = (root) => [...root.querySelectorAll('*')];
  const { activeElement } = document;
  const { selectionStart, selectionEnd } = activeElement;
  const at = all(island).indexOf(activeElement);
  const plain = island.cloneNode(true);
  island.replaceWith(plain);
  if (at < 0) return;
  const field = all(plain)[at];
  field.focus({ preventScroll: true });
  // Not each kind of field has a caret to put somewhere.
  if (selectionStart !== null) field.setSelectionRange?.(selectionStart, selectionEnd);
}

const goesOn = (error) => console.warn('The page goes on without WebAssembly.', error);

// It stopped in the middle of something, so nothing of it can be relied on any more. What an open dialog
// shows is left to be read.
function stopped({ error, reason = error }) {
  if (!(reason instanceof WebAssembly.RuntimeError)) return;
  delete page.dataset.hydrated;
  goesOn(reason);
  const dialog = document.querySelector('dialog:modal');
  if (dialog) dialog.addEventListener('close', () => location.reload());
  else document.querySelectorAll('leptos-island').forEach(leavePlain);
}

// Something else has changed it, an extension, a translator or a proxy: what is then bound to the wrong
// element may go unnoticed.
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
      // Those after it may be as they were; for them it begins anew.
      failures.push(error);
      leavePlain(island);
      app.hydrate();
    }
  }
  addEventListener('error', stopped);
  addEventListener('unhandledrejection', stopped);
  if (failures.length) throw failures[0];
  page.dataset.hydrated = '';
} catch (error) {
  goesOn(error);
}

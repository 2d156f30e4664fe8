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

// A menu that is left by keyboard would stay open above what has the focus.
addEventListener('focusout', ({ target, relatedTarget }) => {
  const menu = target.closest('[popover="auto"]');
  if (!menu || !relatedTarget || menu.contains(relatedTarget)) return;
  // Its button closes it by itself.
  if (relatedTarget.popoverTargetElement !== menu) menu.hidePopover();
});

// A form that is closed without being sent forgets what was typed. The event does not bubble.
addEventListener(
  'toggle',
  ({ target }) => {
    if (target.matches('details:not([open])')) target.querySelector('form')?.reset();
  },
  true,
);

// Preferences: the server renders the next page with them, and this page applies them at once.
addEventListener('change', ({ target: { dataset, value } }) => {
  const name = dataset.preference;
  if (!name) return;
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${name}=${value}; Path=/; SameSite=Lax; Max-Age=31536000${secure}`;
  page.dataset[name] = value;
  document.querySelectorAll(`[data-preference="${name}"]`).forEach(recall);
});

// What was chosen last, here or in another tab, is chosen wherever there is the same choice.
function recall(choice) {
  const chosen = `${choice.dataset.preference}=${choice.value}`;
  if (document.cookie.split('; ').includes(chosen)) choice.checked = true;
}

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

// What was typed survives a new login, unless it is a secret: it is kept when a form is sent or the login page is
// opened, and put back when this tab returns from there.
const KEPT = 'typed';

function keepTyped() {
  const fields = [...document.querySelectorAll('form input:not([type="hidden"], [type="password"], [type="radio"]), form select')];
  const typed = fields.filter(({ id }) => id).map(({ id, value }) => [id, value]);
  sessionStorage.setItem(KEPT, JSON.stringify({ client, path: location.pathname, typed }));
}

function restoreTyped() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT));
  if (!kept) return;
  if (location.pathname === '/login') {
    sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, isBack: true }));
    return;
  }
  sessionStorage.removeItem(KEPT);
  if (!kept.isBack || kept.client !== client || kept.path !== location.pathname) return;
  for (const [id, value] of kept.typed) {
    const field = document.getElementById(id);
    if (!field || field.value === value) continue;
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    const closed = field.closest('details');
    if (closed) closed.open = true;
  }
}

if (client) {
  addEventListener('submit', ({ defaultPrevented, target }) => {
    if (!defaultPrevented && target.method === 'post') keepTyped();
  });
  addEventListener('click', ({ target }) => {
    if (target.closest('a')?.pathname === '/login') keepTyped();
  });
}

// The parts of the page that are marked as live follow what is done in it, in other tabs and elsewhere. Islands send
// `changed` after they have changed something, and load what they show on `elsewhere`.
const changes = new BroadcastChannel('changes');
let renewed = Date.now();

async function renew() {
  const parts = document.querySelectorAll('[data-live]');
  if (!parts.length || !navigator.onLine) return;
  renewed = Date.now();
  const answer = await window.fetch(location.href).catch(() => undefined);
  if (!answer?.ok || answer.redirected) return;
  const now = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of parts) {
    const fresh = now.querySelector(`[data-live="${part.dataset.live}"]`);
    // What has the focus or is being filled in stays.
    if (!fresh || part.contains(document.activeElement)) continue;
    part.querySelectorAll('details').forEach((old, at) => {
      const other = fresh.querySelectorAll('details')[at];
      if (other) other.open = old.open;
    });
    part.replaceChildren(...fresh.childNodes);
  }
}

if (client) {
  addEventListener('changed', () => {
    changes.postMessage('');
    renew();
  });
  changes.onmessage = () => {
    dispatchEvent(new Event('elsewhere'));
    renew();
  };
  // This page was loaded after a form had changed something.
  if (document.querySelector('.saved')) changes.postMessage('');
  const onReturn = () => {
    if (!document.hidden && Date.now() - renewed > 5000) renew();
  };
  addEventListener('visibilitychange', onReturn);
  addEventListener('focus', onReturn);
}

// Moments: the server writes days in UTC and the time passed; the reader sees both by their own clock.
const UNITS = [
  [365 * 86400, 'year'],
  [30 * 86400, 'month'],
  [86400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
];

function ago(seconds) {
  const [size, unit] = UNITS.find(([size]) => seconds >= size) ?? [];
  if (!unit) return 'just now';
  const most = unit === 'month' ? 11 : Infinity;
  const count = Math.min(Math.floor(seconds / size), most);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

function dayOf(moment) {
  const year = moment.getFullYear();
  if (moment.toDateString() !== new Date().toDateString()) {
    return `${moment.getDate()} ${moment.toLocaleString('en-US', { month: 'short' })} ${year}`;
  }
  const twoDigits = (number) => String(number).padStart(2, '0');
  return `today ${twoDigits(moment.getHours())}:${twoDigits(moment.getMinutes())}`;
}

// Islands and translators have elements of their own around the text.
function write(box, text) {
  if (!box) return;
  while (box.firstElementChild) box = box.firstElementChild;
  if (box.textContent !== text) box.textContent = text;
}

function tell() {
  for (const time of document.querySelectorAll('time[datetime$="Z"]')) {
    const moment = new Date(time.dateTime);
    time.title = moment.toISOString().replace('T', ' ').replace('.000Z', ' UTC');
    write(time.querySelector('.day'), dayOf(moment));
    write(time.querySelector('.ago'), ago((Date.now() - moment) / 1000));
  }
}

// Counts down to when a refused form may be sent again. The numbers are not read out.
function countDown(wait) {
  const end = after(wait.dataset.wait);
  const timer = setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) return write(wait, `Try again in ${left} second${left === 1 ? '' : 's'}.`);
    clearInterval(timer);
    wait.setAttribute('role', 'alert');
    write(wait, 'You can try again now.');
  }, 1000);
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
  // As the page preloads it, in mode and credentials: otherwise it is fetched twice.
  await app.default({ module_or_path: fetch(wasm, { mode: 'no-cors', credentials: 'include' }) });
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

// Hydration is over, so texts may differ from what the server wrote.
restoreTyped();
tell();
document.querySelectorAll('[data-wait]').forEach(countDown);
new MutationObserver((changes) => {
  tell();
  for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
    node.querySelectorAll?.('[data-preference]').forEach(recall);
  }
}).observe(document.body, { subtree: true, childList: true, attributeFilter: ['datetime'] });
setInterval(tell, 60_000);
addEventListener('visibilitychange', tell);

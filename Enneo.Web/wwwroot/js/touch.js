// Fingers in the list: a long press picks a conversation; while any is picked, a tap picks the next one.

const long = 450;
const slack = 10;
let waiting = null;
let picked = null;

export function watchTouch(root) {
  root.addEventListener('touchstart', onStart, { passive: true });
  root.addEventListener('touchmove', onMove, { passive: true });
  root.addEventListener('touchend', forget, { passive: true });
  root.addEventListener('touchcancel', forget, { passive: true });
  root.addEventListener('contextmenu', onMenu);
  root.addEventListener('click', onTap, true);
}

export function unwatchTouch(root) {
  root?.removeEventListener('touchstart', onStart);
  root?.removeEventListener('touchmove', onMove);
  root?.removeEventListener('touchend', forget);
  root?.removeEventListener('touchcancel', forget);
  root?.removeEventListener('contextmenu', onMenu);
  root?.removeEventListener('click', onTap, true);
  forget();
}

function onStart(event) {
  forget();
  picked = null;
  const row = event.target.closest?.('[data-row]');
  if (!row || event.touches.length > 1) return;
  const { clientX, clientY } = event.touches[0];
  waiting = { clientX, clientY, timer: setTimeout(() => pick(row), long) };
}

// A finger that scrolls wants nothing picked.
function onMove(event) {
  const { clientX, clientY } = event.touches[0];
  if (waiting && Math.hypot(clientX - waiting.clientX, clientY - waiting.clientY) > slack) forget();
}

function forget() {
  clearTimeout(waiting?.timer);
  waiting = null;
}

function pick(row) {
  picked = row;
  forget();
  navigator.vibrate?.(10);
  toggle(row);
}

const toggle = row => row.parentElement.querySelector('[data-select]')?.click();

function onMenu(event) {
  if (event.target.closest?.('[data-row]') && (waiting || picked)) event.preventDefault();
}

function onTap(event) {
  const row = event.target.closest?.('[data-row]');
  if (!row || event.pointerType !== 'touch') return;
  const isEndOfPress = picked === row;
  if (!isEndOfPress && !event.currentTarget.querySelector('[data-unpick]')) return;
  event.preventDefault();
  event.stopPropagation();
  if (!isEndOfPress) toggle(row);
  picked = null;
}

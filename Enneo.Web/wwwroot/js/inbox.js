// The inbox in the browser: keys, scrolling, mail frames, what is in view. It presses the buttons
// and follows the links that stand on the page, so everything works without it, only slower.

import { copy } from './copy.js';
import { print } from './print.js';
import { unwatchTouch, watchTouch } from './touch.js';
import { deal, inMenu, onToggle } from './actions.js';
export { showModal } from './actions.js';

const seenAfter = 2000;
let root = null;
let inView = null;
let needed = null;
let mutations = null;
let themes = null;
const dark = matchMedia('(prefers-color-scheme: dark)');
const timers = new Map();

export function start(element) {
  stop();
  if (!element) return false; // the page was left before its script was here
  root = element;
  document.addEventListener('keydown', onKey);
  document.addEventListener('click', onClick);
  document.addEventListener('visibilitychange', onVisibility);
  root.addEventListener('load', onLoad, true);
  root.addEventListener('mouseleave', releaseRows, true);
  root.addEventListener('scroll', onScroll, { capture: true, passive: true });
  root.addEventListener('toggle', onToggle, true);
  watchTouch(root);
  inView = new IntersectionObserver(onInView, { threshold: [0, 0.1, 0.25, 0.5, 0.75, 1] });
  needed = new IntersectionObserver(onNeeded, { rootMargin: '600px 0px' });
  mutations = new MutationObserver(watch);
  mutations.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-unread'] });
  watch();
  dark.addEventListener('change', showFrames);
  themes = new MutationObserver(showFrames);
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return true;
}

export function stop() {
  document.removeEventListener('keydown', onKey);
  document.removeEventListener('click', onClick);
  document.removeEventListener('visibilitychange', onVisibility);
  root?.removeEventListener('load', onLoad, true);
  root?.removeEventListener('mouseleave', releaseRows, true);
  root?.removeEventListener('scroll', onScroll, { capture: true });
  root?.removeEventListener('toggle', onToggle, true);
  unwatchTouch(root);
  dark.removeEventListener('change', showFrames);
  [inView, needed, mutations, themes].forEach(observer => observer?.disconnect());
  timers.forEach(clearTimeout);
  timers.clear();
  root = null;
}

export function mayMove(rows) {
  return !!rows && rows.scrollTop < 8 && !(rows.matches(':hover') && matchMedia('(hover: hover)').matches);
}

export function reveal(scroller) {
  if (!scroller) return false;
  if (scroller.hasAttribute('data-rows')) {
    scroller.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  } else {
    const open = scroller.querySelector('[data-sought]') ?? scroller.querySelector('[data-unread]') ?? [...scroller.querySelectorAll('section[data-open]')].at(-1);
    if (open) scroller.scrollTop += open.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 8;
    if (document.activeElement === document.body || document.activeElement?.offsetParent === null) {
      document.querySelector('[data-heading]')?.focus({ preventScroll: true });
    }
  }
  return true;
}

export function scrollToTop(scroller) {
  if (scroller) scroller.scrollTop = 0;
  return true;
}

// ---- what the page asks to be watched

function watch() {
  root.querySelectorAll('[data-load]').forEach(button => needed.observe(button));
  root.querySelectorAll('[data-open]').forEach(message => inView.observe(message));
  root.querySelectorAll('dialog[data-modal]:not([open])').forEach(show);
  showFrames();
}

// A dialog that the page has put up: Escape and the arrows press its buttons.
function show(dialog) {
  dialog.showModal();
  dialog.addEventListener('cancel', event => {
    event.preventDefault();
    press(dialog.querySelector('[data-dismiss]'));
  });
  dialog.addEventListener('keydown', event => {
    const button = { ArrowLeft: '[data-previous]', ArrowRight: '[data-next]' }[event.key];
    if (button && press(dialog.querySelector(button))) event.preventDefault();
  });
  dialog.addEventListener('click', event => event.target === dialog && press(dialog.querySelector('[data-dismiss]')));
}

function onNeeded(entries) {
  for (const entry of entries) {
    if (entry.isIntersecting && entry.target.isConnected) pressWhileNeeded(entry.target);
  }
}

// A page that does not fill the screen asks for the next one.
function pressWhileNeeded(button) {
  button.click();
  setTimeout(() => {
    if (!button.isConnected || !needed) return;
    needed.unobserve(button);
    needed.observe(button);
  }, 400);
}

function onScroll(event) {
  if (event.target.matches?.('[data-rows]') && mayMove(event.target)) pressRelease(event.target);
}

function releaseRows(event) {
  if (event.target.matches?.('[data-rows]') && event.target.scrollTop < 8) pressRelease(event.target);
}

function pressRelease(rows) {
  rows.querySelector('[data-release]')?.click();
}

// ---- read after two seconds in view

function onInView(entries) {
  for (const entry of entries) {
    const visible = entry.isIntersecting && (entry.intersectionRatio >= 0.5 || entry.intersectionRect.height >= 160);
    entry.target.toggleAttribute('data-in-view', visible);
    await2s(entry.target);
  }
}

function onVisibility() {
  root?.querySelectorAll('[data-open]').forEach(await2s);
}

function await2s(message) {
  const wanted = message.isConnected && message.hasAttribute('data-in-view') && message.hasAttribute('data-unread')
    && document.visibilityState === 'visible';
  if (!wanted) {
    clearTimeout(timers.get(message));
    timers.delete(message);
  } else if (!timers.has(message)) {
    timers.set(message, setTimeout(() => {
      timers.delete(message);
      if (message.isConnected) message.querySelector('[data-mark-seen]')?.click();
    }, seenAfter));
  }
}

// ---- mail frames: in the colours of the page, as high as their mail; keys pressed in them count

function showFrames() {
  const chosen = document.documentElement.dataset.theme;
  const theme = chosen === 'dark' || (chosen !== 'light' && dark.matches) ? 'dark' : 'light';
  for (const frame of root?.querySelectorAll('[data-mail-frame]') ?? []) {
    const address = `${frame.dataset.address}${frame.dataset.address.includes('?') ? '&' : '?'}theme=${theme}`;
    if (frame.dataset.shown === address) continue;
    frame.dataset.shown = address;
    frame.contentWindow.location.replace(address); // another src would be one more step back
  }
}

const sizes = new WeakMap();

function onLoad(event) {
  if (event.target.matches?.('[data-mail-frame]')) fit(event.target);
}

function fit(frame) {
  const page = frame.contentDocument;
  if (!page?.body || page.URL === 'about:blank' || sizes.get(frame) === page) return;
  sizes.set(frame, page);
  const paper = page.documentElement;
  let width = 0;
  const measure = () => {
    if (paper.clientWidth !== width) { // what was laid out for more room is shown smaller, as far as it can be read
      width = paper.clientWidth;
      page.body.style.zoom = '';
      if (paper.scrollWidth > width) page.body.style.zoom = Math.max(0.6, width / paper.scrollWidth);
    }
    const wide = paper.scrollWidth > width;
    frame.style.height = `${Math.max(24, Math.min(Math.ceil(paper.getBoundingClientRect().height), 20000)) + (wide ? 16 : 0)}px`;
  };
  measure();
  new ResizeObserver(measure).observe(page.body);
  page.addEventListener('keydown', onKey);
}

// ---- keys

const modal = () => document.querySelector('dialog[open]');
const isText = element => element?.matches?.('input, textarea, select, [contenteditable="true"]') || element?.isContentEditable;
const visible = element => element?.offsetParent !== null;

function onKey(event) {
  if (!root || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || modal()) return;
  if (isText(event.target)) {
    if (event.key === 'Escape') event.target.blur();
    if (event.key === 'ArrowDown' && event.target.matches('[data-search][aria-expanded="false"]') && move(1)) event.preventDefault();
    return;
  }
  if (act(event)) event.preventDefault();
}

function act(event) {
  const menu = event.target.closest?.('details[data-menu][open]');
  if (menu && inMenu(menu, event.key)) return true;
  const arrows = event.target === document.body || event.target.closest?.('[data-rows]');
  switch (event.key) {
    case 'j': return move(1);
    case 'k': return move(-1);
    case 'ArrowDown': return arrows && move(1);
    case 'ArrowUp': return arrows && move(-1);
    case 'o': return press(document.activeElement?.closest('[data-row]'));
    case 'Enter': return event.target === document.body && press(root.querySelector('[data-row][aria-current]'));
    case 'r': case 'a': case 'f': case 'c': case 'n': case 'z': return press(find(event.key));
    case '/': return search();
    case 'x': return press(rowOf()?.parentElement.querySelector('[data-select]'));
    case '*': return press(root.querySelector('[data-select-all]'));
    case 'e': case 's': case '#': case '!': case 'b': case 'v': case 't': case 'i': case 'p': case 'U': return deal(root, event.key);
    case 'Delete': return deal(root, '#');
    case 'u': return back();
    case 'Escape': return closeDetails() || press(root.querySelector('[data-unpick]')) || back() || press(root.querySelector('[data-leave]'));
    case '?': return help();
    default: return false;
  }
}

const rowOf = () => document.activeElement?.closest('li')?.querySelector('[data-row]')
  ?? [...root.querySelectorAll('[data-row][aria-current]')].find(visible);

const find = key => [...root.querySelectorAll(`[data-shortcut="${key}"]`)].find(visible);

function press(element) {
  element?.click();
  return !!element;
}

function move(by) {
  const rows = [...root.querySelectorAll('[data-row]')].filter(visible);
  if (rows.length === 0) return false;
  const from = document.activeElement?.closest('[data-row]') ?? rows.find(row => row.hasAttribute('aria-current'));
  const to = rows[from ? Math.max(0, Math.min(rows.length - 1, rows.indexOf(from) + by)) : 0];
  to.focus({ preventScroll: true });
  to.scrollIntoView({ block: 'nearest' });
  return true;
}

function back() {
  const link = root.querySelector('[data-shortcut="u"]'); // beside the list it is not shown, but works
  if (!link) return false;
  const row = root.querySelector('[data-row][aria-current]')?.dataset.row;
  link.click();
  if (row) setTimeout(() => isText(document.activeElement) || root?.querySelector(`[data-row="${row}"]`)?.focus({ preventScroll: true }), 150); // who writes by then goes on writing
  return true;
}

function search() {
  const box = root.querySelector('[data-search]');
  if (!visible(box)) return false;
  box.focus();
  box.select();
  return true;
}

function closeDetails(except) {
  const open = [...root.querySelectorAll('details[data-dismissable][open]')].filter(details => details !== except);
  open.forEach(details => details.open = false);
  return open.length > 0;
}

function onClick(event) {
  if (!root) return;
  if (event.isTrusted) { // what the page presses by itself, such as "read", closes nothing under a person's hands
    closeDetails(event.target.closest?.('[data-menu-item]') ? null : event.target.closest?.('details'));
  }

  const paper = event.target.closest?.('a[data-print]');
  if (paper) print(paper, event);
  if (event.target.closest?.('[data-help]')) help();
  const copied = event.target.closest?.('[data-copy]');
  if (copied) copy(copied);
}

function help() {
  const dialog = document.querySelector('dialog[data-keys]');
  dialog?.showModal();
  return !!dialog;
}

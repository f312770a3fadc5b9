// What is done with conversations by keys: with those that are picked, else with the row that has the
// focus, else with the one that is open. And menus and dialogs, by keys too.

export function deal(root, key) {
  const picked = root.querySelector('[data-unpick]');
  const focused = picked ? null : document.activeElement?.closest('li')?.querySelector('[data-row]');
  const found = focused?.parentElement.querySelector('[data-select]') ? null : focused; // by a search: what is done is done to the open one
  if (found && !found.hasAttribute('aria-current')) return perform(found);
  const row = found ? null : focused;
  if (!row) return perform([...root.querySelectorAll(`[data-shortcut="${key}"]`)].find(button => !picked || button.closest('.bulk')));
  focusNext(root, row);
  const button = row.parentElement.querySelector(`[data-row-key="${key}"]`);
  if (button) return perform(button);
  row.parentElement.querySelector('[data-select]').click();
  whenThere(() => root.querySelector(`.bulk [data-shortcut="${key}"]`), perform);
  return true;
}

// The row may leave the list by it: then the focus stays in the list, on the one below.
function focusNext(root, row) {
  const rows = [...root.querySelectorAll('[data-row]')];
  const next = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
  const gone = new MutationObserver(() => {
    if (row.isConnected) return;
    gone.disconnect();
    if (next?.isConnected && document.activeElement === document.body) next.focus({ preventScroll: true });
  });
  gone.observe(root, { childList: true, subtree: true });
  setTimeout(() => gone.disconnect(), 5000);
}

function perform(element) {
  if (element?.matches('summary')) {
    element.parentElement.open = true;
    return true;
  }
  element?.click();
  return !!element;
}

function whenThere(look, then, tries = 40) {
  const element = look();
  if (element) then(element);
  else if (tries > 0) setTimeout(() => whenThere(look, then, tries - 1), 50);
}

// ---- menus: the arrows go through what can be chosen, Escape goes back to what opened them

export function onToggle(event) {
  if (event.target.matches?.('details[data-menu]') && event.target.open) choices(event.target)[0]?.focus({ preventScroll: true });
}

const choices = menu => [...menu.querySelectorAll('[data-menu-item]:not(:disabled)')];

export function inMenu(menu, key) {
  const items = choices(menu);
  const at = items.indexOf(document.activeElement);
  switch (key) {
    case 'ArrowDown': items[(at + 1) % items.length]?.focus(); return true;
    case 'ArrowUp': items.at(at <= 0 ? -1 : at - 1)?.focus(); return true;
    case 'Escape':
      menu.open = false;
      menu.querySelector('summary').focus();
      return true;
    default: return false;
  }
}

export function showModal(dialog) {
  dialog.addEventListener('cancel', event => {
    event.preventDefault(); // the page takes it away
    dialog.querySelector('[data-cancel]')?.click();
  });
  dialog.showModal();
  return true;
}

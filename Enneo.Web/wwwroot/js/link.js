// The entry of a link's address in the composer.

/** Wires the entry; what it returns opens it. */
export function linkEntry(form, editor, changed) {
  const address = form.querySelector('input');
  const wrong = form.querySelector('[data-link-wrong]');
  const mark = isWrong => {
    wrong.hidden = !isWrong;
    address.setAttribute('aria-invalid', String(isWrong));
  };
  const close = () => {
    form.hidden = true;
    mark(false);
    editor.focus();
  };
  form.addEventListener('submit', event => {
    event.preventDefault();
    const typed = address.value.trim();
    const target = targetOf(typed);
    if (typed && !target) {
      mark(true);
      return;
    }
    close();
    if (target) set(editor, target);
    changed();
  });
  address.addEventListener('input', () => mark(false));
  form.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    close();
  });
  form.querySelector('[data-link-cancel]').addEventListener('click', close);
  return () => {
    form.hidden = false;
    address.value = '';
    address.focus();
  };
}

// As people type it: without https, or a mail address.
function targetOf(typed) {
  if (/^(https?:\/\/|mailto:|tel:)./i.test(typed)) return typed;
  if (/^[^\s@/:]+@[^\s@/]+$/.test(typed)) return `mailto:${typed}`;
  return /^[^\s:/]+(\.|:\d)\S*$/.test(typed) ? `https://${typed}` : null;
}

function set(editor, target) {
  const onWords = editor.getSelectedText() !== '';
  editor.makeLink(target);
  if (onWords) return;
  const range = editor.getSelection(); // its own words are selected: go on writing behind them
  range.collapse(false);
  editor.setSelection(range);
}

// The mail being written. The text lives here; it is saved by HTTP while somebody types, so that
// neither a lost connection nor a reload loses it.

import { attachments } from './files.js';
import { linkEntry } from './link.js';
import { autosave } from './saving.js';

async function libraries() {
  try {
    const [squire, purify] = await Promise.all([import('../lib/squire.mjs'), import('../lib/purify.es.mjs')]);
    return { Squire: squire.default, DOMPurify: purify.default };
  } catch {
    return null; // built without npm: plain text
  }
}

export async function start(root, options, owner) {
  const found = await libraries();
  const text = found ? richText(root, options, found) : plainText(root, options);
  const saving = autosave(root, options, text);
  text.onInput(saving.touch);
  root.querySelector('[data-subject]')?.addEventListener('input', saving.touch);
  const files = attachments(root, options, owner, text, saving.touch);

  const onKey = event => {
    // Keys that the list of people takes; the page would leave the line or scroll.
    const choosing = event.target.matches?.('[data-complete][aria-expanded="true"]');
    if (choosing && ['ArrowDown', 'ArrowUp', 'Enter', 'Escape'].includes(event.key) && !event.ctrlKey && !event.metaKey) event.preventDefault();
    if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && text.isOnEmptyLine(event.target)) {
      event.preventDefault();
      root.querySelector('[data-templates]')?.click();
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      root.querySelector('[data-send]')?.click();
    }
  };
  const onClick = event => {
    const send = event.target.closest('[data-send]');
    if (send) setTimeout(() => { send.disabled = true; }); // at once; Blazor says when it may be pressed again
  };
  const onLeave = () => { if (document.visibilityState === 'hidden') saving.flush(); };
  root.addEventListener('keydown', onKey);
  root.addEventListener('click', onClick);
  document.addEventListener('visibilitychange', onLeave);
  window.addEventListener('pagehide', saving.flush);
  root.scrollIntoView({ block: 'nearest' });
  if (options.focus && !root.contains(document.activeElement)) { // who types already is not taken elsewhere
    const nobody = options.to.length === 0 && root.querySelector('.addresses input');
    if (nobody) nobody.focus();
    else text.focus();
  }

  return {
    address: saving.address,
    insert: (html, plain) => { text.insert(html, plain); saving.touch(); },
    save: () => saving.save(),
    abandon: () => saving.abandon(),
    stop: () => {
      document.removeEventListener('visibilitychange', onLeave);
      window.removeEventListener('pagehide', saving.flush);
      files.stop();
      saving.flush();
      text.stop();
    },
  };
}

// ---- the text

const clean = {
  ALLOWED_TAGS: ['a', 'img', 'b', 'strong', 'i', 'em', 'u', 's', 'br', 'div', 'p', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'span', 'h1', 'h2', 'h3', 'table', 'thead', 'tbody', 'tr', 'td', 'th'],
  ALLOWED_ATTR: ['href', 'src', 'width', 'height', 'title', 'colspan', 'rowspan'],
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel):|\/draft\/image\/\d+$)/i,
  RETURN_DOM_FRAGMENT: true,
};

// Before it stands in the page: nothing is loaded from elsewhere.
function ownPicturesOnly(fragment) {
  fragment.querySelectorAll('img').forEach(image => {
    if (!/^\/draft\/image\/\d+$/.test(image.getAttribute('src') ?? '')) image.remove();
  });
  return fragment;
}

function richText(root, options, { Squire, DOMPurify }) {
  const element = root.querySelector('[data-editor]');
  element.hidden = false;
  root.querySelector('[data-rich]').hidden = false;
  const editor = new Squire(element, {
    sanitizeToDOMFragment: html => document.importNode(ownPicturesOnly(DOMPurify.sanitize(html, clean)), true),
  });
  editor.setHTML(options.html || '');
  toolbar(root, editor);
  return {
    html: () => (element.textContent.trim() === '' && !element.querySelector('li, blockquote, img') ? '' : editor.getHTML()),
    onInput: handler => editor.addEventListener('input', handler),
    focus: () => { editor.moveCursorToStart(); editor.focus(); },
    insert: html => { editor.focus(); editor.insertHTML(html); },
    isOnEmptyLine: target => {
      if (!element.contains(target)) return false;
      const selection = document.getSelection();
      if (!selection.isCollapsed || !element.contains(selection.anchorNode)) return false;
      let line = selection.anchorNode;
      while (line !== element && line.parentNode !== element) line = line.parentNode;
      return line.textContent.trim() === '' && !(line.querySelector?.('img'));
    },
    insertPicture: address => { editor.focus(); editor.insertImage(address, {}); },
    onPastedFiles: handler => editor.addEventListener('pasteImage', event => handler([...event.detail.clipboardData.files])),
    stop: () => editor.destroy(),
  };
}

function toolbar(root, editor) {
  const bar = root.querySelector('[data-rich]');
  const toggle = (format, on, off) => (editor.hasFormat(format) ? off.call(editor) : on.call(editor));
  const run = {
    bold: () => toggle('B', editor.bold, editor.removeBold),
    italic: () => toggle('I', editor.italic, editor.removeItalic),
    underline: () => toggle('U', editor.underline, editor.removeUnderline),
    list: () => toggle('UL', editor.makeUnorderedList, editor.removeList),
    quote: () => toggle('BLOCKQUOTE', editor.increaseQuoteLevel, editor.decreaseQuoteLevel),
    link: () => (editor.hasFormat('A') ? editor.removeLink() : openLink()),
  };
  const tags = { bold: 'B', italic: 'I', underline: 'U', list: 'UL', quote: 'BLOCKQUOTE', link: 'A' };
  const show = () => bar.querySelectorAll('[data-format]').forEach(button =>
    button.setAttribute('aria-pressed', String(editor.hasFormat(tags[button.dataset.format]))));
  const openLink = linkEntry(root.querySelector('[data-link]'), editor, show);
  bar.addEventListener('mousedown', event => event.preventDefault()); // the selection stays in the text
  bar.addEventListener('click', event => {
    run[event.target.closest('[data-format]')?.dataset.format]?.();
    show();
  });
  editor.addEventListener('pathChange', show);
  editor.addEventListener('select', show);
}

function plainText(root, options) {
  const area = root.querySelector('[data-plain]');
  area.hidden = false;
  area.title = options.words.plain;
  const page = new DOMParser().parseFromString(options.html || '', 'text/html');
  page.querySelectorAll('br').forEach(br => br.replaceWith('\n'));
  page.querySelectorAll('div, p, li').forEach(block => block.append('\n'));
  area.value = page.body.textContent.trimEnd();
  const escape = line => line.replace(/[&<>]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' }[c]));
  return {
    html: () => (area.value.trim() === '' ? '' : area.value.split('\n').map(line => `<div>${escape(line) || '<br>'}</div>`).join('')),
    insert: (_, plain) => area.setRangeText(plain, area.selectionStart, area.selectionEnd, 'end'),
    isOnEmptyLine: target => target === area && area.value.split('\n')[area.value.slice(0, area.selectionStart).split('\n').length - 1].trim() === '',
    onInput: handler => area.addEventListener('input', handler),
    focus: () => area.focus(),
    stop: () => {},
  };
}

// The answer being written. The text lives here; it is saved by HTTP while somebody types, so that
// neither a lost connection nor a reload loses it.

import { fileDrop } from './drop.js';
import { linkEntry } from './link.js';

const pause = 800;
const retryAfter = 4000;
const headers = { 'X-Enneo-Composer': '1' };

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
  const files = attachments(root, options, owner);

  const onKey = event => {
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
  if (options.focus) text.focus();

  return {
    address: (to, cc) => saving.address(to, cc),
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
  ALLOWED_TAGS: ['a', 'b', 'strong', 'i', 'em', 'u', 's', 'br', 'div', 'p', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'span', 'h1', 'h2', 'h3', 'table', 'thead', 'tbody', 'tr', 'td', 'th'],
  ALLOWED_ATTR: ['href', 'title', 'colspan', 'rowspan'],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto|tel):/i,
  RETURN_DOM_FRAGMENT: true,
};

function richText(root, options, { Squire, DOMPurify }) {
  const element = root.querySelector('[data-editor]');
  element.hidden = false;
  root.querySelector('[data-rich]').hidden = false;
  const editor = new Squire(element, {
    sanitizeToDOMFragment: html => document.importNode(DOMPurify.sanitize(html, clean), true),
  });
  editor.setHTML(options.html || '');
  toolbar(root, editor);
  return {
    html: () => (element.textContent.trim() === '' && !element.querySelector('li, blockquote') ? '' : editor.getHTML()),
    onInput: handler => editor.addEventListener('input', handler),
    focus: () => { editor.moveCursorToStart(); editor.focus(); },
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
    onInput: handler => area.addEventListener('input', handler),
    focus: () => area.focus(),
    stop: () => {},
  };
}

// ---- saving

function autosave(root, options, text) {
  const label = root.querySelector('[data-saved]');
  let { revision, to, cc } = options;
  let changes = 0;
  let saved = 0;
  let running = null;
  let timer = null;
  let over = false;
  const say = words => { label.textContent = words; };
  const time = () => new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });

  async function post(keepalive) {
    const sent = ++revision;
    const body = JSON.stringify({ revision: sent, to, cc, bcc: options.bcc, subject: options.subject, html: text.html() });
    const answer = await fetch(options.address, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body,
      keepalive: keepalive && body.length < 60000,
      credentials: 'same-origin',
      redirect: 'error',
    });
    if (answer.status === 404 || answer.status === 410) return 'gone';
    if (answer.status === 422) return (await answer.json()).detail; // what is wrong with it, in words
    if (!answer.ok) return 'failed';
    const now = await answer.json();
    if (now.revision <= sent) return 'saved';
    revision = now.revision; // another window wrote meanwhile: the last one to write stands
    return post(keepalive);
  }

  async function run() {
    clearTimeout(timer);
    while (saved < changes && !over) {
      const upTo = changes;
      say(options.words.saving);
      const outcome = await post(false).catch(() => 'failed');
      if (over) return 'saved';
      if (outcome === 'gone') {
        over = true;
        say(options.words.gone);
        return 'gone';
      }
      if (outcome === 'failed') {
        say(options.words.notSaved);
        timer = setTimeout(begin, retryAfter);
        return 'failed';
      }
      if (outcome !== 'saved') {
        saved = upTo - 1;
        say(outcome);
        return outcome;
      }
      saved = upTo;
      say(options.words.saved.replace('{0}', time()));
    }
    return over ? 'gone' : 'saved';
  }

  function begin() {
    running ??= run().finally(() => { running = null; });
    return running;
  }

  function touch() {
    changes++;
    clearTimeout(timer);
    timer = setTimeout(begin, pause);
  }

  return {
    touch,
    address: (newTo, newCc) => {
      if (JSON.stringify([to, cc]) === JSON.stringify([newTo, newCc])) return;
      [to, cc] = [newTo, newCc];
      touch();
    },
    save: async () => {
      if (running) await running;
      const outcome = await begin();
      if (outcome === 'gone') say(''); // whoever asked says it
      return outcome;
    },
    flush: () => {
      clearTimeout(timer);
      if (saved === changes || over) return;
      saved = changes;
      post(true).catch(() => { saved = -1; });
    },
    abandon: () => {
      over = true;
      clearTimeout(timer);
    },
  };
}

// ---- files

function attachments(root, options, owner) {
  const list = root.querySelector('[data-uploads]');
  const input = root.querySelector('[data-files]');
  const requests = new Set();
  const changed = () => owner.invokeMethodAsync('AttachmentsChangedAsync').catch(() => {});

  function upload(file) {
    const row = document.createElement('li');
    const name = document.createElement('bdi');
    const bar = document.createElement('progress');
    const cancel = document.createElement('button');
    name.textContent = file.name;
    bar.max = 1;
    bar.value = 0;
    cancel.type = 'button';
    cancel.textContent = options.words.cancel;
    row.append(name, bar, cancel);
    list.append(row);
    const fail = words => { bar.remove(); row.classList.add('failed'); name.after(` ${words}`); cancel.textContent = options.words.dismiss; cancel.onclick = () => row.remove(); };
    if (file.size > options.maxBytes) {
      fail(options.words.tooLarge);
      return;
    }

    const request = new XMLHttpRequest(); // fetch cannot say how far an upload is
    requests.add(request);
    request.open('POST', `${options.attachments}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('X-Enneo-Composer', '1');
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.upload.onprogress = event => { bar.value = event.total ? event.loaded / event.total : 0; };
    request.onerror = () => fail(options.words.uploadFailed);
    request.onabort = () => row.remove();
    request.onload = () => {
      if (request.status === 413) return fail(options.words.tooLarge);
      if (request.status >= 300) return fail(options.words.uploadFailed);
      row.remove();
      changed();
    };
    request.onloadend = () => requests.delete(request);
    cancel.onclick = () => request.abort();
    request.send(file);
  }

  const add = files => [...files].forEach(upload);
  input.addEventListener('change', () => { add(input.files); input.value = ''; });
  const stopDrop = fileDrop(root, add);
  root.addEventListener('click', async event => {
    const address = event.target.closest('[data-detach]')?.dataset.detach;
    if (!address) return;
    await fetch(address, { method: 'DELETE', headers, credentials: 'same-origin', redirect: 'error' }).catch(() => {});
    changed();
  });
  return {
    stop: () => {
      stopDrop();
      requests.forEach(request => request.abort());
    },
  };
}

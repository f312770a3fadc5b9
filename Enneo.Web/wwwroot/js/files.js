// Files of the mail being written: uploaded one by one, with their progress, by HTTP. Pictures that are pasted or
// dropped into the text stand there; everything else is attached.

import { fileDrop } from './drop.js';

const headers = { 'X-Enneo-Composer': '1' };
const isPicture = file => /^image\/(?:png|jpeg|gif|webp)$/.test(file.type);

export function attachments(root, options, owner, text, touch) {
  const list = root.querySelector('[data-uploads]');
  const input = root.querySelector('[data-files]');
  const pictures = root.querySelector('[data-pictures]');
  const requests = new Set();
  const changed = () => owner.invokeMethodAsync('AttachmentsChangedAsync').catch(() => {});

  function upload(file, address, done) {
    const row = progressRow(file.name || options.words.picture, options.words);
    list.append(row.element);
    if (file.size > options.maxBytes) {
      row.fail(options.words.tooLarge);
      return;
    }

    const request = new XMLHttpRequest(); // fetch cannot say how far an upload is
    requests.add(request);
    request.open('POST', `${address}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('X-Enneo-Composer', '1');
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.upload.onprogress = event => row.show(event.total ? event.loaded / event.total : 0);
    request.onerror = () => row.fail(options.words.uploadFailed);
    request.onabort = () => row.element.remove();
    request.onload = () => {
      if (request.status === 415) return row.fail(options.words.notAPicture);
      if (request.status === 413) return row.fail(done === changed ? options.words.tooLarge : options.words.notAPicture);
      if (request.status >= 300) return row.fail(options.words.uploadFailed);
      row.element.remove();
      done(request);
    };
    request.onloadend = () => requests.delete(request);
    row.onCancel(() => request.abort());
    request.send(file);
  }

  const attach = file => upload(file, options.attachments, changed);
  const show = file => upload(file, options.pictures, request => {
    text.insertPicture(JSON.parse(request.responseText).address);
    touch();
  });
  const add = (files, intoText) => [...files].forEach(file => (intoText && text.insertPicture && isPicture(file) ? show(file) : attach(file)));
  const taken = (field, intoText) => { add(field.files, intoText); field.value = ''; };
  input.addEventListener('change', () => taken(input, false));
  pictures.addEventListener('change', () => taken(pictures, true));
  root.querySelector('[data-picture]').hidden = !text.insertPicture;
  text.onPastedFiles?.(files => add(files, true));
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

function progressRow(words, texts) {
  const element = document.createElement('li');
  const name = document.createElement('bdi');
  const bar = document.createElement('progress');
  const button = document.createElement('button');
  name.textContent = words;
  bar.max = 1;
  bar.value = 0;
  button.type = 'button';
  button.textContent = texts.cancel;
  element.append(name, bar, button);
  return {
    element,
    show: part => { bar.value = part; },
    onCancel: handler => { button.onclick = handler; },
    fail: reason => {
      bar.remove();
      element.classList.add('failed');
      name.after(` ${reason}`);
      button.textContent = texts.dismiss;
      button.onclick = () => element.remove();
    },
  };
}

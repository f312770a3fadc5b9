// Saves the mail being written by HTTP, a moment after each change, so that neither a lost connection
// nor a reload loses it.

const pause = 800;
const retryAfter = 4000;
const headers = { 'X-Enneo-Composer': '1' };

export function autosave(root, options, text) {
  const label = root.querySelector('[data-saved]');
  const subject = root.querySelector('[data-subject]');
  let { revision, to, cc, bcc, from, mailboxId } = options;
  let changes = 0;
  let saved = 0;
  let running = null;
  let timer = null;
  let over = false;
  const say = words => { label.textContent = words; };
  const time = () => new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });

  async function post(keepalive) {
    const sent = ++revision;
    const body = JSON.stringify({ revision: sent, from, mailboxId, to, cc, bcc, subject: subject?.value ?? options.subject, html: text.html() });
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
    address: (...head) => {
      if (JSON.stringify([to, cc, bcc, from, mailboxId]) === JSON.stringify(head)) return;
      [to, cc, bcc, from, mailboxId] = head;
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

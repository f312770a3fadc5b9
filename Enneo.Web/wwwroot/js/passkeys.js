// Passkeys in plain forms: the browser's answer goes into a hidden field, and the form is sent.
// A form says what is wanted (data-passkey), where the options come from and the words for what may go wrong.

const supported = Boolean(globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON && navigator.credentials);

async function optionsFor(form) {
  const body = new FormData();
  body.append("__RequestVerificationToken", form.elements["__RequestVerificationToken"].value);
  const answer = await fetch(form.dataset.passkeyOptions, { method: "POST", body });
  if (answer.status === 403) {
    location.reload(); // the proof is too old by now: the server asks for a new one
    return new Promise(() => {});
  }
  if (!answer.ok) {
    throw new Error(`${answer.status}`);
  }
  return answer.json();
}

async function ask(form, mediation, signal) {
  const options = await optionsFor(form);
  return form.dataset.passkey === "create"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options), signal })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), mediation, signal });
}

function send(form, credential) {
  form.elements["Form.Credential"].value = JSON.stringify(credential);
  form.submit();
}

function say(form, error) {
  const words = form.dataset;
  const problem = form.querySelector("[data-passkey-problem]");
  problem.textContent = error.name === "InvalidStateError" ? words.passkeyKnown ?? words.passkeyFailed
    : error.name === "NotAllowedError" || error.name === "AbortError" ? words.passkeyCancelled
    : words.passkeyFailed;
  problem.hidden = false;
}

// Offers passkeys among what the browser fills in, without a question of its own.
async function autofill(form, signal) {
  if (!await PublicKeyCredential.isConditionalMediationAvailable?.()) {
    return;
  }
  try {
    send(form, await ask(form, "conditional", signal));
  } catch {
    // Nobody asked for anything: the button is there, and says what goes wrong.
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const waiting = new AbortController();
  const button = form.querySelector("[data-passkey-start]");
  if (!supported) {
    form.querySelector("[data-passkey-missing]")?.removeAttribute("hidden");
    continue;
  }
  if (button) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (form.dataset.passkey === "create" && !form.reportValidity()) {
        return;
      }
      waiting.abort();
      button.disabled = true;
      try {
        send(form, await ask(form));
      } catch (error) {
        say(form, error);
        button.disabled = false;
      }
    });
  }
  if (form.dataset.passkeyAutofill !== undefined) {
    autofill(form, waiting.signal);
  }
}

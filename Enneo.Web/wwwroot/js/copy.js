// Copies what a button names, and says so in its place for a moment.

const shown = 2000;

// There is no button any more where the form was drawn anew meanwhile, which watches its own.
export function watch(button) {
  button?.addEventListener('click', () => copy(button));
}

export function copy(button) {
  const words = button.textContent;
  navigator.clipboard?.writeText(button.dataset.copy).then(() => {
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; }, shown);
  }, () => {});
}

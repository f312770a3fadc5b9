// The choice lives in a cookie, so that the server's first answer already has the right colours.
const root = document.documentElement;
const choices = ["light", "dark", "system"];

function choose(theme) {
  root.dataset.theme = theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `Enneo-Theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
  document.querySelectorAll("theme-switch").forEach(mark);
}

function mark(element) {
  for (const button of element.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === root.dataset.theme));
  }
}

class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", event => {
      const theme = event.target.closest("button")?.value;
      if (choices.includes(theme)) {
        choose(theme);
      }
    });
    queueMicrotask(() => mark(this));
  }
}

customElements.define("theme-switch", ThemeSwitch);
